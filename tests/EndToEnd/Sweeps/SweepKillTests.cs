// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using EndToEnd.Cli;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>Sweeps that are killed at random moments. CODESIGN_KILLS is how often (3 unless it is set; docs/sweep-file.md keeps the result of 100).</summary>
public sealed class SweepKillTests : IDisposable
{
    private const int KillsOfOneFolder = 20;
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("CODESIGN_KILLS") ?? "3", CultureInfo.InvariantCulture);

    private readonly Workspace _here = Workspace.WithData();

    public SweepKillTests() => _here.Write("sweep.yaml", TimingSweep.Text("""
        axes:
          - {keys: [accelerator.array.rows], values: [4, 8, 16, 32, 400]}
          - {keys: [accelerator.array.columns], values: [4, 8, 16, 32]}
          - {keys: [accelerator.memory.latency_cycles], range: {from: 10, to: 70, step: 10}}
          - {keys: [accelerator.memory.bytes_per_cycle], range: {from: 4, to: 32, scale: power_of_two}}
          - {keys: [accelerator.clock_mhz], range: {from: 50, to: 100, step: 10}}

        """));

    public void Dispose() => _here.Dispose();

    [Fact]
    public void A_sweep_killed_at_random_moments_ends_in_the_bytes_of_one_that_was_not()
    {
        Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "whole").Succeeded();
        var random = new Random(17);
        int killed = 0;
        for (int folder = 0; killed < Kills; folder++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"parts{folder}");
            for (int time = 0; time < KillsOfOneFolder && killed < Kills; time++)
            {
                using Codesign command = Codesign.Start(_here, [], "sweep", "sweep.yaml", "--out", name, "--resume", "--workers", random.Next(1, 4).ToString(CultureInfo.InvariantCulture));
                long deadline = Environment.TickCount64 + random.Next(100, 3_000);
                while (command.Running && Environment.TickCount64 < deadline)
                {
                    Thread.Sleep(1);
                }

                if (command.Running)
                {
                    command.Kill();
                    killed++;
                }

                command.Wait();
            }

            Codesign.Run(_here, "sweep", "sweep.yaml", "--out", name, "--resume").Succeeded();
            Assert.All(new[] { "results.csv", "invalid.csv", "failures.csv", "results.md", "report.html", "sweep.yaml" }, file => Assert.Equal(_here.Read("whole/" + file), _here.Read($"{name}/{file}")));
        }
    }
}
