"""Lists instead of hits: what applies to a person, what binds a firm, how places differ, what falls due when.

Everything here is computed from the register, one record for each sentence of each policy (`register.py`), and
exported by `export.py`. A page or a command calls:

    open_register(settings)                       the register of the corpus
    entitlements(register, profile, as_of)        查待遇
    obligations(register, employer, place, as_of) 查义务
    compare(register, topics, places, as_of)      比地区
    calendar(register, as_of)                     时间与名额
"""
