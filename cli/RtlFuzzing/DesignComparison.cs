// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Fuzzing;
using RtlExport.Parameters;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace Cli.RtlFuzzing;

/// <summary>Runs a design's networks through the register-accurate model and, one after the other on one compiled design, through the RTL.</summary>
internal static class DesignComparison
{
    /// <summary>What the simulator says of each network. Bundles and the compiled design lie in <paramref name="folder"/>.</summary>
    public static IReadOnlyList<VerificationResult> Run(DesignCase drawn, SimulatorKind simulator, VerificationOptions options, string folder)
    {
        int instructions = drawn.Networks.Max(network => BenchVectors.Programs(network.Schedule).Max(program => program.Count));
        string[] bundles = [.. drawn.Networks.Select((_, index) => Path.Combine(folder, $"rtl{index}"))];
        for (int i = 0; i < bundles.Length; i++)
        {
            Write(drawn.Networks[i], instructions, bundles[i]);
        }

        return [.. RtlVerifier.Verify(bundles, simulator, options)];
    }

    /// <summary>Writes the bundle of one network, with values and times of the register-accurate model.</summary>
    public static void Write(NetworkCase network, int instructions, string bundle)
    {
        Schedule schedule = network.Schedule;
        (TimingResult timing, ValueResult values) = RegisterAccurateModel.Run(schedule, network.Input, new() { KeepLayerOutputs = true });
        string configuration = SpecHash.Of(new object[] { schedule.Accelerator, schedule.Network });
        RtlBundle.Write(schedule, timing, RtlVectors.From(schedule, network.Input, values), configuration, bundle, instructions);
    }
}
