// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation.Values;

namespace AccelModel.Simulation;

/// <summary>
/// The same as <see cref="AccumulatorWidths"/> for real networks: codes of all layers from the fast engine, and the sums of each layer with a vector of output channels at a time.
/// </summary>
public static class ObservedAccumulators
{
    /// <summary>Codes of all layers that are kept at a time.</summary>
    private const long MostElements = 1 << 22;

    /// <summary>The intervals of every matrix layer, in the order of <see cref="IntegerNetwork.Layers"/>.</summary>
    /// <param name="network">A well-formed network.</param>
    /// <param name="plans">Orders of additions by layer; their widths do not matter. A layer without one adds product by product.</param>
    /// <param name="input">Codes, image after image.</param>
    /// <param name="images">Images that are observed, at least one.</param>
    /// <param name="options">How the work is done.</param>
    /// <exception cref="ArgumentException">As <see cref="FastEngine.Execute(IntegerNetwork, IReadOnlyDictionary{int, AccumulationPlan}, ReadOnlyMemory{int}, int, ExecutionOptions?)"/>.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static ImmutableArray<LayerAccumulatorWidths> Of(
        IntegerNetwork network, IReadOnlyDictionary<int, AccumulationPlan> plans, ReadOnlyMemory<int> input, int images, ExecutionOptions? options = null)
    {
        options ??= new();
        Dictionary<int, AccumulationPlan> wide = AccumulatorWidths.Widest(plans);
        (int Layer, MatrixOperands Operands, LayerAccumulatorWidths Widths)[] layers =
        [
            .. Enumerable.Range(0, network.Layers.Length).Select(layer => (layer, operands: MatrixOperands.Of(network, layer))).Where(layer => layer.operands is not null)
                .Select(layer => (layer.layer, layer.operands!, AccumulatorWidths.Bounds(network, layer.layer, layer.operands!))),
        ];
        long elements = network.Input.Elements + network.Layers.Sum(layer => (long)layer.Output.Elements);
        int atATime = (int)Math.Clamp(MostElements / elements, 1, images);
        for (int first = 0; first < images; first += atATime)
        {
            int count = Math.Min(atATime, images - first);
            ReadOnlyMemory<int> codes = input.Slice(first * network.Input.Elements, count * network.Input.Elements);
            ValueResult exact = FastEngine.Execute(network, wide, codes, count, options with { KeepLayerOutputs = true, Progress = null });
            for (int i = 0; i < layers.Length; i++)
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                (int layer, MatrixOperands operands, LayerAccumulatorWidths widths) = layers[i];
                AccumulationPlan plan = wide.GetValueOrDefault(layer) ?? AccumulatorWidths.ProductByProduct(operands.Products);
                int[][] inputs = [.. network.Layers[layer].Inputs.Select(name => name == IntegerNetwork.InputName ? codes.ToArray() : exact.LayerOutputs[IndexOf(network, name)])];
                ObservedSums observed = SumObservation.CanObserve(network.Layers[layer])
                    ? SumObservation.Of(network, layer, plan, widths.TypeBound, inputs[0], count, options.Threads)
                    : AccumulatorWidths.Observe(network, layer, operands, plan, image => [.. inputs.Select(tensor => Image(tensor, image, count))], count);
                layers[i].Widths = widths with { Observed = widths.Observed.With(observed) };
            }

            options.Progress?.Report(first + count);
        }

        return [.. layers.Select(layer => layer.Widths)];
    }

    private static int IndexOf(IntegerNetwork network, string name) => network.Layers.ToList().FindIndex(layer => layer.Name == name);

    private static int[] Image(int[] tensor, int image, int images) => tensor[(image * (tensor.Length / images))..((image + 1) * (tensor.Length / images))];
}
