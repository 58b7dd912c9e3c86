/** Programs that the tests drive for real. Installed by the package manager when it may, else named in one line. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

const runs = (program, args) => spawnSync(program, args, { stdio: 'ignore' }).status === 0;
const onPath = (program) => runs('sh', ['-c', `command -v ${program}`]);

const programs = [
  { name: 'FFmpeg', packages: ['ffmpeg'], present: () => onPath('ffmpeg') },
  {
    name: 'Mosquitto',
    packages: ['mosquitto'],
    present: () => onPath('mosquitto') || existsSync('/usr/sbin/mosquitto'),
  },
  {
    name: 'PostgreSQL',
    packages: ['postgresql'],
    present: () =>
      existsSync('/usr/lib/postgresql') &&
      readdirSync('/usr/lib/postgresql').some((v) => existsSync(`/usr/lib/postgresql/${v}/bin/initdb`)),
  },
  {
    name: 'Chromium',
    packages: ['chromium', 'fonts-noto-cjk'],
    present: () => existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium'),
  },
  { name: 'faketime', packages: ['faketime'], present: () => onPath('faketime') },
  { name: 'pdftoppm', packages: ['poppler-utils'], present: () => onPath('pdftoppm') },
  {
    name: 'an RTSP server (GStreamer)',
    packages: [
      'python3-gi',
      'gir1.2-gst-rtsp-server-1.0',
      'gstreamer1.0-plugins-base',
      'gstreamer1.0-plugins-good',
      'gstreamer1.0-plugins-bad',
      'gstreamer1.0-plugins-ugly',
      'gstreamer1.0-libav',
    ],
    present: () =>
      runs('/usr/bin/python3', [
        '-c',
        'import gi; gi.require_version("GstRtspServer", "1.0"); from gi.repository import GstRtspServer',
      ]),
  },
];

/** Installs what is missing where this user may; says in one line what is left to install by hand. */
export function installMissing(print) {
  const missing = programs.filter((program) => !program.present());
  if (missing.length === 0) return;
  const packages = missing.flatMap((program) => program.packages);
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    print(`• Installing ${missing.map((program) => program.name).join(', ')} …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'], env });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
  }
  const left = programs.filter((program) => !program.present());
  if (left.length > 0) {
    print(
      `Not installed: ${left.map((program) => program.name).join(', ')}. Tests that need them are skipped (and fail with CI=true). Install: apt-get install ${left.flatMap((program) => program.packages).join(' ')}`,
    );
  }
}
