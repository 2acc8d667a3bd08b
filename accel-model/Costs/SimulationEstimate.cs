// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;

namespace AccelModel.Costs;

/// <summary>
/// Memory and time that a simulation will take, before it starts: from tensor sizes, multiply-accumulates and assumed rates (docs/run-folder.md). Computed in floating
/// point, so that no size is too large for it.
/// </summary>
/// <param name="Bytes">Memory.</param>
/// <param name="Seconds">Time.</param>
/// <param name="Work">What there is to do.</param>
/// <param name="WorkUnit">In which unit.</param>
public sealed record SimulationEstimate(double Bytes, double Seconds, double Work, string WorkUnit)
{
    /// <summary>Multiply-accumulates per second of the fast engine on one core without wide vectors; it is several times faster with them.</summary>
    public const double FastRate = 2e9;

    /// <summary>Products per second whose sums are observed (<see cref="ObservedAccumulators"/>).</summary>
    public const double SumRate = 5e8;

    /// <summary>Products per second of the reference interpreter.</summary>
    public const double ReferenceRate = 2e7;

    /// <summary>Cycles of a PE per second of the register-accurate model.</summary>
    public const double RegisterRate = 5e7;

    private const double MostKeptElements = 1 << 22;

    /// <summary>Memory in MiB.</summary>
    public double Mebibytes => Bytes / (1 << 20);

    /// <summary>Values by the fast engine.</summary>
    public static SimulationEstimate OfFast(IntegerNetwork network, long images) => new(
        Common(network, images) + Weights(network) * sizeof(int) + Tensors(network) * sizeof(int) * 2.0,
        Macs(network) * images / FastRate, Macs(network) * images, "multiply-accumulates");

    /// <summary>Values by the reference interpreter.</summary>
    public static SimulationEstimate OfReference(IntegerNetwork network, long images) => new(
        Common(network, images) + Tensors(network) * sizeof(int) * images, Macs(network) * images / ReferenceRate, Macs(network) * images, "multiply-accumulates");

    /// <summary>Values and cycles by the register-accurate model.</summary>
    public static SimulationEstimate OfRegister(Schedule schedule, long cycles, long images)
    {
        AcceleratorSpec accelerator = schedule.Accelerator;
        double work = (double)cycles * accelerator.Array.Rows * accelerator.Array.Columns * images;
        return new(Common(schedule.Network, images) + 2.0 * schedule.Memory.Words * accelerator.Memory.BytesPerCycle, work / RegisterRate, work, "cycles of a PE");
    }

    /// <summary>Least and greatest sums of every layer.</summary>
    public static SimulationEstimate OfSums(IntegerNetwork network, long images) => new(
        Common(network, images) + LargestWeights(network) * sizeof(int) + Math.Max(Tensors(network), MostKeptElements) * sizeof(int), Macs(network) * images / SumRate, Macs(network) * images,
        "multiply-accumulates");

    private static double Common(IntegerNetwork network, long images) =>
        Weights(network) * sizeof(int) + (double)images * sizeof(int) * (Elements(network.Input) + Elements(network.Layers[^1].Output));

    private static double Elements(TensorSpec tensor) => (double)tensor.Height * tensor.Width * tensor.Channels;

    private static double Tensors(IntegerNetwork network) => Elements(network.Input) + network.Layers.Sum(layer => Elements(layer.Output));

    private static double Weights(IntegerNetwork network) => network.Layers.Sum(WeightsOf);

    private static double LargestWeights(IntegerNetwork network) => network.Layers.Max(WeightsOf);

    private static double WeightsOf(Layer layer) => layer switch
    {
        Conv2dLayer convolution => convolution.Weights.Values.Length,
        DenseLayer dense => dense.Weights.Values.Length,
        _ => 0,
    };

    private static double Macs(IntegerNetwork network) => network.Layers.Select((layer, i) => MatrixOperands.Of(network, i) is { } operands ? Elements(layer.Output) * operands.Products : 0).Sum();
}
