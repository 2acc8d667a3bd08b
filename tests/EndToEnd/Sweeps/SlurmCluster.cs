// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>A test that needs the programs of Slurm, and root for its daemons.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SlurmFactAttribute : FactAttribute
{
    public SlurmFactAttribute() => Skip = SlurmCluster.Missing;
}

/// <summary>A Slurm of two nodes on this machine, with ports, key and folder of its own. It needs no system service, and nothing of it stays.</summary>
public sealed class SlurmCluster : IDisposable
{
    private static readonly string[] Programs = ["/usr/sbin/munged", "/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/bin/sbatch", "/usr/bin/scontrol"];
    private static readonly string[] Nodes = ["n1", "n2"];

    private readonly string _root = Directory.CreateTempSubdirectory("codesign-slurm-").FullName;
    private readonly List<Process> _daemons = [];

    public SlurmCluster()
    {
        if (Missing is not null)
        {
            return;
        }

        try
        {
            Start();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Why there can be none here; null where there can.</summary>
    public static string? Missing { get; } =
        Programs.FirstOrDefault(program => !File.Exists(program)) is string program ? $"{program} is not there: apt-get install -y --no-install-recommends slurm-wlm munge"
        : Environment.IsPrivilegedProcess ? null : "the daemons of Slurm need root";

    /// <summary>What commands need to find it.</summary>
    public (string, string)[] Environs => [("SLURM_CONF", Configuration)];

    private string Configuration => Path.Combine(_root, "slurm.conf");

    private string Socket => Path.Combine(_root, "munge.socket");

    /// <summary>Runs scontrol.</summary>
    public void Control(params string[] arguments) => Assert.Equal(0, Run("/usr/bin/scontrol", arguments).ExitCode);

    /// <summary>A node dies with all that runs on it.</summary>
    public void Kill(string node)
    {
        // Its daemons first, or they would report how their jobs ended.
        Kill(environment => environment.Contains($"CODESIGN_TEST_NODE={node}"));
        Kill(environment => environment.Contains($"SLURMD_NODENAME={node}"));
    }

    /// <summary>Waits for what must happen.</summary>
    public static void Until(Func<bool> happened, string what, int seconds = 240)
    {
        long end = Environment.TickCount64 + (seconds * 1000L);
        while (!happened())
        {
            Assert.True(Environment.TickCount64 < end, $"not within {seconds} s: {what}");
            Thread.Sleep(100);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Process daemon in _daemons)
        {
            if (!daemon.HasExited)
            {
                daemon.Kill();
                daemon.WaitForExit();
            }

            daemon.Dispose();
        }

        Kill(_ => true);
        Directory.Delete(_root, recursive: true);
    }

    private void Start()
    {
        int[] ports = FreePorts(1 + Nodes.Length);
        string host = Run("/bin/hostname", ["-s"]).Output.Trim();
        string key = Path.Combine(_root, "munge.key");
        File.WriteAllBytes(key, RandomNumberGenerator.GetBytes(1024));
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(Configuration, string.Create(CultureInfo.InvariantCulture, $"""
            ClusterName=test
            SlurmctldHost={host}(127.0.0.1)
            SlurmctldPort={ports[0]}
            AuthType=auth/munge
            AuthInfo=socket={Socket},cred_expire=5
            SlurmUser=root
            SlurmdUser=root
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_Core
            ReturnToService=2
            SlurmdTimeout=4
            KillWait=1
            SchedulerParameters=sched_interval=1,batch_sched_delay=0
            StateSaveLocation={_root}/state
            SlurmdSpoolDir={_root}/spool-%n
            SlurmctldPidFile={_root}/slurmctld.pid
            SlurmdPidFile={_root}/slurmd-%n.pid
            SlurmctldLogFile={_root}/slurmctld.log
            SlurmdLogFile={_root}/slurmd-%n.log
            NodeName=n[1-2] NodeHostname={host} NodeAddr=127.0.0.1 Port=[{ports[1]}-{ports[2]}] CPUs=1 State=UNKNOWN
            PartitionName=main Nodes=n[1-2] Default=YES MaxTime=INFINITE State=UP

            """).ReplaceLineEndings("\n"));
        Directory.CreateDirectory(Path.Combine(_root, "state"));
        Daemon("munged", "", "--foreground", "--force", "--key-file=" + key, "--socket=" + Socket, $"--pid-file={_root}/munge.pid", $"--log-file={_root}/munge.log", $"--seed-file={_root}/munge.seed");
        Until(() => File.Exists(Socket), "munged has a socket");
        Daemon("slurmctld", "", "-D");
        foreach (string node in Nodes)
        {
            Directory.CreateDirectory(Path.Combine(_root, "spool-" + node));
            Daemon("slurmd", node, "-D", "-N", node);
        }

        Until(() => Run("/usr/bin/sinfo", ["--noheader", "--format=%T %D"]).Output.Trim() == "idle 2", "two idle nodes");
    }

    private void Daemon(string program, string node, params string[] arguments)
    {
        ProcessStartInfo start = Info("/usr/sbin/" + program, arguments);
        start.Environment["CODESIGN_TEST_NODE"] = node;
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _daemons.Add(process);
    }

    private (int ExitCode, string Output) Run(string program, string[] arguments)
    {
        using Process process = Process.Start(Info(program, arguments))!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    private ProcessStartInfo Info(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _root };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["SLURM_CONF"] = Configuration;
        return start;
    }

    /// <summary>Kills processes of this cluster, which are known by what they inherited.</summary>
    private void Kill(Func<IReadOnlyCollection<string>, bool> wanted)
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) || id == Environment.ProcessId)
            {
                continue;
            }

            try
            {
                string[] environment = File.ReadAllText(Path.Combine(folder, "environ")).Split('\0');
                if (environment.Contains("SLURM_CONF=" + Configuration) && wanted(environment))
                {
                    using Process process = Process.GetProcessById(id);
                    process.Kill();
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
            {
                // It ended meanwhile.
            }
        }
    }

    /// <summary>Ports that nobody has; the last two follow each other, as Slurm writes ranges.</summary>
    private static int[] FreePorts(int count)
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            int first = RandomNumberGenerator.GetInt32(20_000, 60_000);
            var listeners = new List<TcpListener>();
            try
            {
                for (int i = 0; i < count; i++)
                {
                    var listener = new TcpListener(IPAddress.Any, first + i);
                    listener.Start();
                    listeners.Add(listener);
                }

                return [.. Enumerable.Range(first, count)];
            }
            catch (SocketException)
            {
                // Somebody has one of them.
            }
            finally
            {
                listeners.ForEach(listener => listener.Stop());
            }
        }

        throw new InvalidOperationException("no free ports");
    }
}
