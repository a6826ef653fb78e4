"""at_once.py N COMMAND...: runs N processes at the same time, prints what they print, fails if one of them fails."""
import subprocess
import sys

processes = [subprocess.Popen(sys.argv[2:], stdout=subprocess.PIPE, text=True) for _ in range(int(sys.argv[1]))]
outputs = [p.communicate()[0] for p in processes]
sys.stdout.writelines(outputs)
sys.exit(any(p.returncode for p in processes))
