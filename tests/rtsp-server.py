"""Serves a video file over RTSP in a loop, as a camera would.

    rtsp-server.py CLIP [--port N] [--user U --password P]

Prints the address (rtsp://127.0.0.1:PORT/live) on stdout once it listens. H.264 and H.265 are passed on as they are,
anything else is encoded as H.264. All clients share one run of the file, so one that comes later begins in mid-stream.
SIGTERM ends it, SIGSTOP makes a camera that is connected and silent.
"""
import argparse
import re
import signal
import subprocess
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402


def codec_of(clip):
    """h264, h265, or None for what has to be encoded anew."""
    said = subprocess.run(["ffmpeg", "-hide_banner", "-i", clip], capture_output=True, text=True, check=False).stderr
    found = re.search(r"Video: (\w+)", said)
    if not found:
        sys.exit(f"{clip} holds no video")
    return {"h264": "h264", "hevc": "h265"}.get(found.group(1))


class LoopingFactory(GstRtspServer.RTSPMediaFactory):
    """FFmpeg reads the file again and again at its own pace; GStreamer only packs it for RTP."""

    def __init__(self, clip):
        super().__init__()
        self.codec = codec_of(clip)
        encode = ["-c:v", "copy"] if self.codec else ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-bf", "0"]
        self.feed = ["ffmpeg", "-nostdin", "-v", "error", "-re", "-stream_loop", "-1", "-i", clip, "-an", *encode]
        self.feed += ["-f", "mpegts", "-muxdelay", "0", "-flush_packets", "1", "pipe:1"]
        self.feeders = []
        self.set_shared(True)

    def do_create_element(self, _url):
        feeder = subprocess.Popen(self.feed, stdout=subprocess.PIPE)
        self.feeders.append(feeder)
        codec = self.codec or "h264"
        return Gst.parse_launch(
            f"( fdsrc fd={feeder.stdout.fileno()} ! tsdemux latency=0 ! queue ! {codec}parse config-interval=-1 ! "
            f"rtp{codec}pay name=pay0 pt=96 )"
        )

    def do_configure(self, media):
        GstRtspServer.RTSPMediaFactory.do_configure(self, media)
        media.connect("unprepared", lambda _media: self.stop())

    def stop(self):
        for feeder in self.feeders:
            feeder.kill()
            feeder.wait()
        self.feeders.clear()


def ask_for_login(server, factory, user, password):
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("viewer", "media.factory.access", True)
    permissions.add_permission_for_role("viewer", "media.factory.construct", True)
    factory.set_permissions(permissions)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("clip")
    parser.add_argument("--port", default="0")
    parser.add_argument("--user")
    parser.add_argument("--password", default="")
    options = parser.parse_args()
    Gst.init(None)
    server = GstRtspServer.RTSPServer(address="127.0.0.1", service=options.port)
    factory = LoopingFactory(options.clip)
    if options.user:
        ask_for_login(server, factory, options.user, options.password)
    server.get_mount_points().add_factory("/live", factory)
    if server.attach(None) == 0:
        sys.exit(f"port {options.port} cannot be opened")
    loop = GLib.MainLoop()
    GLib.unix_signal_add(GLib.PRIORITY_HIGH, signal.SIGTERM, loop.quit)
    print(f"rtsp://127.0.0.1:{server.get_bound_port()}/live", flush=True)
    try:
        loop.run()
    finally:
        factory.stop()


if __name__ == "__main__":
    main()
