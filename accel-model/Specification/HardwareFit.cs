// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Scheduling.Steps;
using AccelModel.Specification.Yaml;

namespace AccelModel.Specification;

/// <summary>
/// Whether a design can run a network: kinds of layers, operand and element widths, weights, requantisation. Overflow is no misfit (it is counted), nor is a buffer that is too
/// small for a layer (the scheduler's finding).
/// </summary>
public static class HardwareFit
{
    /// <summary>
    /// Everything of a well-formed network that the design cannot run; paths are those of the network's file, messages name the layer
    /// and say what is allowed.
    /// </summary>
    public static ImmutableArray<Finding> Check(IntegerNetwork network, AcceleratorSpec accelerator)
    {
        List<Finding> findings = [.. Element("input", "the input", network.Input, accelerator)];
        if (!network.Layers.Any(layer => layer is Conv2dLayer or DenseLayer or MatmulLayer))
        {
            findings.Add(new Finding("layers", "nothing for the array to do, found no conv2d or dense layer, allowed at least one"));
        }

        FitTensors tensors = new(network);
        for (int i = 0; i < network.Layers.Length; i++)
        {
            Layer layer = network.Layers[i];
            string path = $"layers[{i}]";
            string name = $"layer '{layer.Name}'";
            findings.AddRange(Element($"{path}.output", name, layer.Output, accelerator));
            findings.AddRange(Layer(path, name, layer, tensors, accelerator));
        }
        return [.. findings, .. network.Layers.Any(layer => layer is MatmulLayer) && !accelerator.Array.ActivationWeights ? [] : Steps(network, accelerator)];
    }

    private static IEnumerable<Finding> Layer(string path, string name, Layer layer, FitTensors tensors, AcceleratorSpec accelerator) => layer switch
    {
        Conv2dLayer convolution =>
        [
            .. MatrixFit.Check(path, name, layer, convolution.Weights, tensors, accelerator),
            .. MatrixFit.Padding(path, name, convolution, tensors, accelerator),
            .. RequantizationFit.Check($"{path}.requantization", name, convolution.Requantization, layer.Output.Channels, accelerator),
        ],
        DenseLayer dense =>
        [
            .. MatrixFit.Check(path, name, layer, dense.Weights, tensors, accelerator),
            .. RequantizationFit.Check($"{path}.requantization", name, dense.Requantization, layer.Output.Channels, accelerator),
        ],
        MatmulLayer matmul =>
        [
            .. MatrixFit.Matmul(path, name, matmul, tensors, accelerator),
            .. accelerator.Array.ActivationWeights ? RequantizationFit.Check($"{path}.requantization", name, matmul.Requantization, layer.Output.Channels, accelerator) : [],
        ],
        AveragePoolLayer pool => VectorFit.AveragePool(path, name, pool, tensors.Of(layer.Input), accelerator),
        AddLayer add => VectorFit.Add(path, name, add, tensors.Of(layer.Input), tensors.Of(add.SecondInput), accelerator),
        MultiplyLayer multiply => VectorFit.Multiply(path, name, multiply, tensors.Of(layer.Input), tensors.Of(multiply.SecondInput), accelerator),
        RequantizeLayer requantize => RequantizationFit.Check($"{path}.requantization", name, requantize.Requantization, layer.Output.Channels, accelerator),
        LookupLayer => VectorFit.Lookup(path, name, tensors.Of(layer.Input), accelerator),
        _ => [],
    };

    /// <summary>What becomes of the layers: what the vector unit does alone takes an elementwise one.</summary>
    private static IEnumerable<Finding> Steps(IntegerNetwork network, AcceleratorSpec accelerator)
    {
        ImmutableArray<Step> steps;
        try
        {
            steps = StepPlanner.Plan(network, accelerator).Steps;
        }
        catch (ScheduleException exception)
        {
            return exception.Findings.Select(finding =>
                new Finding($"layers[{network.Layers.ToList().FindIndex(layer => layer.Name == finding.Layer)}]", $"layer '{finding.Layer}' {finding.Message}"));
        }
        return
        [
            .. steps.Where(step => step is not MatrixStep)
                .Select(step => step.NetworkLayer)
                .Distinct()
                .SelectMany(layer => VectorFit.OfItsOwn($"layers[{layer}]", network.Layers[layer], accelerator)),
            .. steps.OfType<MatrixStep>().Where(step => step.PoolLayer is not null).SelectMany(step => FusedPool(network, step)),
        ];
    }

    private static IEnumerable<Finding> FusedPool(IntegerNetwork network, MatrixStep step)
    {
        MaxPoolLayer pool = (MaxPoolLayer)network.Layers[step.PoolLayer!.Value];
        if (step.Requantization.IsStochastic && step.PoolOverlaps)
        {
            yield return new Finding(
                $"layers[{step.PoolLayer}].stride",
                $"layer '{pool.Name}' has overlapping windows, in which a word would be rounded twice with different random bits, found a stride of [{pool.Stride.Rows}, {pool.Stride.Columns}], "
                + $"allowed at least the window [{pool.Window.Rows}, {pool.Window.Columns}] where rounding is {EnumNames.Of(RoundingMode.Stochastic)}");
        }
    }

    private static IEnumerable<Finding> Element(string path, string name, TensorSpec tensor, AcceleratorSpec accelerator)
    {
        int width = accelerator.Requantizer.ElementWidth;
        if (tensor.Format.Width > width)
        {
            yield return new Finding($"{path}.format", $"{name} has codes wider than a stored element, found {tensor.Format}, allowed up to {width} bits (requantizer.element_width)");
        }
    }
}
