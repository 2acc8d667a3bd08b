// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Cli.CommandLine;
using Cli.Commands;
using Cli.Experiments;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace Cli.RtlNetworks;

/// <summary>One network of a list after its RTL ran.</summary>
/// <param name="Listed">What was listed.</param>
/// <param name="Accelerator">Name of the design.</param>
/// <param name="ModelCycles">Cycles of an inference in the model.</param>
/// <param name="Result">What the simulator said.</param>
internal sealed record VerifiedNetwork(ListedNetwork Listed, string Accelerator, long ModelCycles, VerificationResult Result);

/// <summary>Exports the networks of a list and runs their RTL, those of one accelerator one after the other on one compiled design.</summary>
internal static class NetworkVerifier
{
    private const ulong Seed = 1;

    /// <summary>The results in the order of the list's accelerators.</summary>
    public static IReadOnlyList<VerifiedNetwork> Run(NetworkList list, SimulatorKind simulator, CommandContext context)
    {
        DirectoryInfo work = Directory.CreateTempSubdirectory("codesign-networks-");
        try
        {
            List<VerifiedNetwork> results = [];
            foreach (IGrouping<string, ListedNetwork> group in list.Networks.GroupBy(network => network.Accelerator))
            {
                ListedNetwork[] listed = [.. group];
                (Schedule Schedule, int[] Codes)[] ready = [.. listed.Select(Prepare)];
                int instructions = ready.Max(one => BenchVectors.Programs(one.Schedule).Max(program => program.Count));
                string[] bundles = [.. ready.Select((one, index) => Write(one.Schedule, one.Codes, listed[index].Images, instructions, Path.Combine(work.FullName, $"{results.Count + index}")))];
                context.Tell($"{Path.GetFileName(group.Key)}: {string.Join(", ", listed.Select(network => Path.GetFileName(network.Network)))} ...");
                var options = new VerificationOptions { WorkDirectory = VerificationStage.CompiledBenches, Cancellation = context.Cancellation };
                int done = 0;
                foreach (VerificationResult result in RtlVerifier.Verify(bundles, simulator, options))
                {
                    results.Add(new(listed[done], ready[done].Schedule.Accelerator.Name, FastEngine.Time(ready[done].Schedule).Cycles, result));
                    done++;
                }
            }

            return results;
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static (Schedule Schedule, int[] Codes) Prepare(ListedNetwork listed)
    {
        (IntegerNetwork network, AcceleratorSpec accelerator) = Inputs.Load(listed.Network, listed.Accelerator);
        InputCodes codes = listed.Input is string file ? InputCodes.Load(file, network.Input) : InputCodes.Random(Seed, listed.Images, network.Input);
        if (codes.Images < listed.Images)
        {
            throw new CommandException(ExitCode.BadInput, $"{listed.Input}: {codes.Images} images, expected {listed.Images} at least");
        }

        return (Inputs.Schedule(network, listed.Network, accelerator, listed.Accelerator), codes.Codes[..(listed.Images * network.Input.Elements)]);
    }

    private static string Write(Schedule schedule, int[] codes, int images, int instructions, string bundle)
    {
        string configuration = SpecHash.Of(new object[] { schedule.Accelerator, schedule.Network });
        ExportStage.Write(schedule, FastEngine.Time(schedule), codes, images, configuration, bundle, instructions);
        return bundle;
    }
}
