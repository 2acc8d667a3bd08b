// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;

namespace NnTrain.Rewriting;

/// <summary>A matrix layer in real numbers, to be rewritten: <c>y_o = sum over i, k of Weights[o, i, k] x[i, k] + Bias[o]</c>.</summary>
/// <param name="spec">Its place in the topology.</param>
/// <param name="weights">Output channel, input channel, position; a dense layer behind a feature map has the map's pixels for positions.</param>
/// <param name="bias">One an output channel.</param>
/// <param name="inputs">Input channels.</param>
public sealed class FloatLayer(LayerSpec spec, float[] weights, float[] bias, int inputs)
{
    /// <summary>Groups of channels; an output channel has weights for the input channels of its group.</summary>
    public int Groups => Spec is ConvolutionSpec { Groups: int groups } ? groups : 1;

    /// <summary>Input channels that an output channel reads.</summary>
    public int InputsOfOutput => Inputs / Groups;

    /// <summary>Its name.</summary>
    public string Name => Spec.Name;

    /// <summary>Its place in the topology; a split channel makes it wider.</summary>
    public LayerSpec Spec { get; set; } = spec;

    /// <summary>Output channel, input channel (of its group), position.</summary>
    public float[] Weights { get; set; } = weights;

    /// <summary>One an output channel.</summary>
    public float[] Bias { get; set; } = bias;

    /// <summary>Input channels.</summary>
    public int Inputs { get; set; } = inputs;

    /// <summary>Output channels.</summary>
    public int Outputs => Bias.Length;

    /// <summary>Positions of an input channel: pixels of the kernel, or of a feature map that was flattened.</summary>
    public int Positions => Weights.Length / Outputs / InputsOfOutput;

    /// <summary>Batch norm that is not folded yet; null where there is none.</summary>
    public NormConstants? Norm { get; set; }

    /// <summary>Mean and standard deviation of each output before its activation, as batch norm left them; null where there was none.</summary>
    public (double[] Means, double[] Deviations)? Outcome { get; set; }

    /// <summary>Whether it reads beyond the edge of an image.</summary>
    public bool Padded => Spec is ConvolutionSpec { Padding: > 0 };

    /// <summary>The weights of an output channel.</summary>
    public Span<float> Output(int channel) => Weights.AsSpan(channel * InputsOfOutput * Positions, InputsOfOutput * Positions);

    /// <summary>The weights between two channels; none between channels of different groups.</summary>
    public Span<float> Between(int output, int input)
    {
        int group = output / (Outputs / Groups);
        int within = input - (group * InputsOfOutput);
        return within < 0 || within >= InputsOfOutput ? [] : Weights.AsSpan(((output * InputsOfOutput) + within) * Positions, Positions);
    }

    /// <summary>The largest magnitude of the weights of an output channel.</summary>
    public double OutputRange(int channel) => Largest(Output(channel));

    /// <summary>The largest magnitude of the weights of an input channel.</summary>
    public double InputRange(int channel) => Enumerable.Range(0, Outputs).Max(output => Largest(Between(output, channel)));

    private static double Largest(ReadOnlySpan<float> values)
    {
        double largest = 0;
        foreach (float value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }
}

/// <summary>Batch norm of a layer: <c>y = gain (x - Mean) + Beta</c>, the gain by <see cref="NnTrain.Layers.ChannelNorm.GainOf"/>.</summary>
/// <param name="Kind">What it divides by.</param>
/// <param name="Gamma">Scale of each channel.</param>
/// <param name="Beta">Shift of each channel.</param>
/// <param name="Mean">Running mean.</param>
/// <param name="Variance">Square of the running deviation.</param>
public sealed record NormConstants(NormKind Kind, float[] Gamma, float[] Beta, float[] Mean, float[] Variance);
