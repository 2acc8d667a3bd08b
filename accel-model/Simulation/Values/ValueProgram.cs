// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>
/// A network compiled to steps, and the buffers that its tensors live in: a tensor's buffer is free again after the last step that reads it, so that memory does not grow
/// with the depth of the network.
/// </summary>
internal sealed class ValueProgram
{
    private readonly List<ValueStep> steps = [];
    private readonly List<long> bufferElements = [];

    /// <summary>Tensor (0 the input, i + 1 that of layer i) whose codes a tensor shares: itself, unless a layer only reads them differently.</summary>
    private readonly int[] sharedWith;

    /// <param name="network">A well-formed network.</param>
    /// <param name="plans">Plans by index of the layer.</param>
    /// <param name="kept">Indices of the layers whose codes are asked for.</param>
    /// <param name="set">Instructions that may be used.</param>
    /// <exception cref="ArgumentException">A plan is not one of its layer, or missing where rounding is stochastic; or a layer is of an unknown kind.</exception>
    public ValueProgram(IntegerNetwork network, IReadOnlyDictionary<int, AccumulationPlan> plans, IReadOnlySet<int> kept, InstructionSet set)
    {
        Dictionary<string, int> names = new() { [IntegerNetwork.InputName] = 0 };
        for (int i = 0; i < network.Layers.Length; i++)
        {
            names.Add(network.Layers[i].Name, i + 1);
        }
        int[][] inputs = [.. network.Layers.Select(layer => layer.Inputs.Select(name => names[name]).ToArray())];
        sharedWith = new int[network.Layers.Length + 1];
        TensorSpec[] tensors = [network.Input, .. network.Layers.Select(layer => layer.Output)];
        CodeSet[] codes = new CodeSet[tensors.Length];
        codes[0] = CodeSet.Of(network.Input.Format);
        for (int i = 0; i < network.Layers.Length; i++)
        {
            if (network.Layers[i] is FlattenLayer)
            {
                sharedWith[i + 1] = sharedWith[inputs[i][0]];
                codes[i + 1] = codes[inputs[i][0]];
                continue;
            }
            int pool = FusedPool(network, inputs, i, kept);
            int output = pool < 0 ? i : pool;
            LayerStep step = StepCompiler.Compile(
                network.Layers[i],
                pool < 0 ? null : (MaxPoolLayer)network.Layers[pool],
                [.. inputs[i].Select(input => tensors[input])],
                [.. inputs[i].Select(input => codes[input])],
                plans.GetValueOrDefault(i),
                set);
            codes[output + 1] = step.Codes;
            sharedWith[output + 1] = output + 1;
            steps.Add(new ValueStep(i, step, [.. inputs[i].Select(input => sharedWith[input])], output + 1));
            if (pool >= 0)
            {
                i = pool;
            }
        }
        Kept = [.. kept.Select(layer => (layer, sharedWith[layer + 1]))];
        BufferOfTensor = Allocate(tensors);
    }

    /// <summary>The steps in order.</summary>
    public IReadOnlyList<ValueStep> Steps => steps;

    /// <summary>Elements of each buffer for one image.</summary>
    public IReadOnlyList<long> BufferElements => bufferElements;

    /// <summary>The buffer of each tensor; tensors that share codes with another one, and those that are never made, have none.</summary>
    public int[] BufferOfTensor { get; }

    /// <summary>Layers whose codes are asked for, and the tensors that hold them.</summary>
    public ImmutableArray<(int Layer, int Tensor)> Kept { get; }

    /// <summary>The maximum pooling that is the only reader of a matrix layer and follows it, or -1.</summary>
    private static int FusedPool(IntegerNetwork network, int[][] inputs, int index, IReadOnlySet<int> kept)
    {
        Requantization? requantization = network.Layers[index] switch
        {
            Conv2dLayer convolution => convolution.Requantization,
            DenseLayer dense => dense.Requantization,
            _ => null,
        };
        bool follows = requantization is { IsStochastic: false } && !kept.Contains(index)
            && index + 1 < network.Layers.Length && network.Layers[index + 1] is MaxPoolLayer && inputs[index + 1][0] == index + 1;
        return follows && inputs.Count(read => read.Contains(index + 1)) == 1 ? index + 1 : -1;
    }

    /// <summary>Gives each tensor the smallest free buffer that holds it, or the largest free one, which grows, or a new one.</summary>
    private int[] Allocate(TensorSpec[] tensors)
    {
        int[] lastReader = new int[tensors.Length];
        for (int s = 0; s < steps.Count; s++)
        {
            foreach (int input in steps[s].Inputs)
            {
                lastReader[input] = s;
            }
        }
        int[] buffers = new int[tensors.Length];
        buffers.AsSpan().Fill(-1);
        List<int> free = [];
        buffers[0] = Take(free, tensors[0].Elements);
        for (int s = 0; s < steps.Count; s++)
        {
            buffers[steps[s].Output] = Take(free, tensors[steps[s].Output].Elements);
            foreach (int input in steps[s].Inputs.Distinct().Where(input => lastReader[input] == s))
            {
                free.Add(buffers[input]);
            }
        }
        return buffers;
    }

    private int Take(List<int> free, long elements)
    {
        int buffer = free.Where(candidate => bufferElements[candidate] >= elements).DefaultIfEmpty(-1).MinBy(candidate => candidate < 0 ? 0 : bufferElements[candidate]);
        if (buffer < 0 && free.Count > 0)
        {
            buffer = free.MaxBy(candidate => bufferElements[candidate]);
        }
        if (buffer < 0)
        {
            buffer = bufferElements.Count;
            bufferElements.Add(0);
        }
        free.Remove(buffer);
        bufferElements[buffer] = Math.Max(bufferElements[buffer], elements);
        return buffer;
    }
}

/// <summary>One step of a program.</summary>
/// <param name="Layer">Index of the layer whose overflows it counts.</param>
/// <param name="Step">What is done.</param>
/// <param name="Inputs">Tensors that are read.</param>
/// <param name="Output">Tensor that is made.</param>
internal sealed record ValueStep(int Layer, LayerStep Step, ImmutableArray<int> Inputs, int Output);
