"""Question → what is asked, which texts may answer, and the best sentences in them."""
