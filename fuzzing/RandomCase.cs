// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Scheduling.Search;
using AccelModel.Specification;
using Fuzzing.Networks;

namespace Fuzzing;

/// <summary>A random design, a random network that it can run, and random images.</summary>
public sealed record RandomCase(AcceleratorSpec Accelerator, IntegerNetwork Network, int Images, int[] Input, Schedule Schedule)
{
    /// <summary>Growing a buffer so often makes it large enough for any small network; what is still missing then is no matter of size.</summary>
    private const int MostGrowths = 16;

    /// <summary>Networks that are drawn for one design until it can run one: its limits do not say everything.</summary>
    private const int MostNetworks = 20;

    /// <summary>Draws a case; buffers start small and grow only until the network fits.</summary>
    public static RandomCase Draw(ChoiceSource choices, CaseSize? size = null)
    {
        size ??= CaseSize.Small;
        AcceleratorSpec accelerator = RandomDesign.Draw(choices, size);
        NetworkLimits limits = HardwareLimits.Of(accelerator) with { Extent = size.Extent, InputChannels = size.InputChannels, Channels = size.Channels };
        ScheduleObjective objective = choices.Of(ScheduleObjective.Latency, ScheduleObjective.Fixed, ScheduleObjective.Traffic, ScheduleObjective.Energy);
        IntegerNetwork network = RandomNetwork.Draw(choices, limits);
        for (int attempt = 0; attempt < MostNetworks && !Fits(network, accelerator); attempt++)
        {
            network = RandomNetwork.Draw(choices, limits);
        }

        int images = choices.Between(1, size.Images);
        int[] input = RandomNetwork.DrawImages(choices, network, limits, images);
        for (int growth = 0; ; growth++)
        {
            try
            {
                return new(accelerator, network, images, input, Scheduler.Schedule(network, accelerator, objective));
            }
            catch (ScheduleException) when (growth < MostGrowths)
            {
                accelerator = Grow(accelerator);
            }
        }
    }

    /// <summary>The counter-example as YAML.</summary>
    public string ToYaml() =>
        "# accelerator\n" + YamlPrinter.Print(Accelerator) + "# network\n" + YamlPrinter.Print(Network) + $"# {Images} image(s)\ninput: [{string.Join(", ", Input)}]\n";

    private static bool Fits(IntegerNetwork network, AcceleratorSpec accelerator) => HardwareFit.Check(network, accelerator).IsEmpty;

    internal static AcceleratorSpec Grow(AcceleratorSpec accelerator)
    {
        BuffersSpec b = accelerator.Buffers;
        return accelerator with
        {
            Buffers = new()
            {
                Activation = Double(b.Activation),
                Weight = Double(b.Weight),
                Parameter = b.Parameter.SlotSize < 2 ? Double(b.Parameter) : b.Parameter,
                Accumulator = Double(b.Accumulator),
                Output = Double(b.Output),
                Operand = Double(b.Operand),
                Factor = Double(b.Factor),
            },
        };

        static BufferSpec Double(BufferSpec buffer) => buffer with { Size = buffer.Size * 2 };
    }
}

/// <summary>How large random cases get.</summary>
/// <param name="Array">Most rows and columns of the array.</param>
/// <param name="Extent">Most rows and columns of the image.</param>
/// <param name="InputChannels">Most channels of the image.</param>
/// <param name="Channels">Most channels of a layer.</param>
/// <param name="Images">Most images.</param>
public sealed record CaseSize(int Array, int Extent, int InputChannels, int Channels, int Images)
{
    /// <summary>A few hundred cycles on a few PEs.</summary>
    public static CaseSize Small { get; } = new(6, 7, 5, 8, 2);

    /// <summary>Wider than the longest vector of the fast engine's kernels.</summary>
    public static CaseSize Large { get; } = new(18, 12, 40, 72, 5);
}
