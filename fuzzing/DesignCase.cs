// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Scheduling.Search;
using AccelModel.Specification;
using Fuzzing.Networks;

namespace Fuzzing;

/// <summary>One random network on a design that others run on, too.</summary>
public sealed record NetworkCase(Schedule Schedule, int Images, int[] Input);

/// <summary>A random design with several random networks that all of them run on it as it is: one compiled design, many networks.</summary>
public sealed record DesignCase(AcceleratorSpec Accelerator, ImmutableArray<NetworkCase> Networks)
{
    /// <summary>Growing a buffer so often makes it large enough for any small network.</summary>
    private const int MostGrowths = 16;

    /// <summary>Networks that are drawn until the design can run one: its limits do not say everything.</summary>
    private const int MostNetworks = 20;

    /// <summary>Draws a design and <paramref name="networks"/> networks; buffers start small and grow only until every network fits.</summary>
    public static DesignCase Draw(ChoiceSource choices, CaseSize size, int networks)
    {
        AcceleratorSpec accelerator = RandomDesign.Draw(choices, size);
        NetworkLimits limits = HardwareLimits.Of(accelerator) with { Extent = size.Extent, InputChannels = size.InputChannels, Channels = size.Channels };
        var drawn = new (IntegerNetwork Network, ScheduleObjective Objective, int Images, int[] Input)[networks];
        for (int i = 0; i < networks; i++)
        {
            ScheduleObjective objective = choices.Of(ScheduleObjective.Latency, ScheduleObjective.Fixed, ScheduleObjective.Traffic);
            IntegerNetwork network = RandomNetwork.Draw(choices, limits);
            for (int attempt = 0; attempt < MostNetworks && !HardwareFit.Check(network, accelerator).IsEmpty; attempt++)
            {
                network = RandomNetwork.Draw(choices, limits);
            }

            int images = choices.Between(1, size.Images);
            drawn[i] = (network, objective, images, RandomNetwork.DrawImages(choices, network, limits, images));
        }

        for (int growth = 0; ; growth++)
        {
            try
            {
                AcceleratorSpec design = accelerator;
                return new(design, [.. drawn.Select(one => new NetworkCase(Scheduler.Schedule(one.Network, design, one.Objective), one.Images, one.Input))]);
            }
            catch (ScheduleException) when (growth < MostGrowths)
            {
                accelerator = RandomCase.Grow(accelerator);
            }
        }
    }

    /// <summary>Design and networks as YAML.</summary>
    public string ToYaml() =>
        "# accelerator\n" + YamlPrinter.Print(Accelerator) + string.Concat(Networks.Select((network, index) =>
            $"# network {index}\n" + YamlPrinter.Print(network.Schedule.Network) + $"# its {network.Images} image(s)\ninput: [{string.Join(", ", network.Input)}]\n"));
}
