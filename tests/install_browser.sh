#!/bin/sh
# A browser and Chinese fonts for the browser tests, installed only where they are missing.
set -eu
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
fonts=$(fc-list :lang=zh 2>/dev/null | head -n 1 || true)
[ -n "$chromium" ] && [ -n "$fonts" ] && exit 0
if command -v apt-get >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ]; then sudo=; elif command -v sudo >/dev/null 2>&1; then sudo=sudo; else sudo=none; fi
  if [ "$sudo" != none ]; then
    $sudo apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null
    exit 0
  fi
fi
echo "浏览器测试需要 Chromium 和中文字体，这台机器上没有，也没有权限自动安装。请先装好（Debian：chromium fonts-noto-cjk）。" >&2
exit 1
