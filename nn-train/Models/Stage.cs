// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using NnTrain.Layers;
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Models;

/// <summary>One step of a network's computation: from tensors by name to one more.</summary>
internal abstract class Stage
{
    /// <summary>Names of the tensors that it reads.</summary>
    public required ImmutableArray<string> Inputs { get; init; }

    /// <summary>Name of the tensor that it makes.</summary>
    public required string Output { get; init; }

    /// <summary>What it remembers, by its name in checkpoints; null where that is nothing.</summary>
    public virtual nn.Module? Module => null;

    /// <summary>Its quantised part; null where it has none.</summary>
    public IQuantizedPart? Part => Module as IQuantizedPart;

    /// <summary>Its output.</summary>
    public abstract Activation Forward(ImmutableArray<Activation> inputs, Action<string, Activation>? observe);

    /// <summary>Sets what its quantizers start from.</summary>
    public virtual void InitializeQuantizers(ImmutableArray<Activation> inputs, IReadOnlyDictionary<string, Tensor>? importance)
    {
    }

    /// <summary>Finds ranges, not in training; <paramref name="real"/> is what it reads in real numbers. Its output in real numbers.</summary>
    public virtual Activation Calibrate(ImmutableArray<Activation> inputs, ImmutableArray<Activation> real, Correction correction) => Forward(real, null);
}

/// <summary>What calibration makes up for.</summary>
/// <param name="OfBiases">The mean error of each output channel that biases make up for; null for none.</param>
/// <param name="OfWeights">How weight codes make up for each other's errors; null where each is rounded by itself.</param>
/// <param name="OfRounding">Whether it is learned which way weights are rounded.</param>
/// <param name="Importance">How much an error of each weight costs, by layer; null where all cost the same.</param>
internal sealed record Correction(BiasError? OfBiases, WeightCorrectionSpec? OfWeights, bool OfRounding, IReadOnlyDictionary<string, Tensor>? Importance);

/// <summary>A matrix layer with the pooling that alone reads it.</summary>
/// <param name="layer">The matrix layer.</param>
/// <param name="pools">Pooling layers behind it.</param>
internal sealed class MatrixStage(MatrixLayer layer, ImmutableArray<MaxPoolSpec> pools) : Stage
{
    public MatrixLayer Layer => layer;

    public override nn.Module Module => layer;

    /// <summary>
    /// Matrix layer, quantizer, pooling: the hardware's order. In training pooling comes first, which gives the same values, since a
    /// quantizer never turns the order of two numbers around, at a quarter of the work and with the gradient at the true maximum.
    /// </summary>
    public override Activation Forward(ImmutableArray<Activation> inputs, Action<string, Activation>? observe)
    {
        Tensor sum = layer.Accumulate(inputs[0]);
        if (layer.training)
        {
            foreach (MaxPoolSpec pool in pools)
            {
                sum = PoolStage.Pool(sum, pool);
            }

            Activation pooled = layer.Activate(sum);
            observe?.Invoke(layer.GetName(), pooled);
            return pooled;
        }

        Activation output = layer.Activate(sum);
        observe?.Invoke(layer.GetName(), output);
        foreach (MaxPoolSpec pool in pools)
        {
            output = output with { Values = PoolStage.Pool(output.Values, pool) };
            observe?.Invoke(pool.Name, output);
        }

        return output;
    }

    public override void InitializeQuantizers(ImmutableArray<Activation> inputs, IReadOnlyDictionary<string, Tensor>? importance) =>
        layer.InitializeQuantizers(inputs[0], importance?.GetValueOrDefault(layer.GetName()));

    public override Activation Calibrate(ImmutableArray<Activation> inputs, ImmutableArray<Activation> real, Correction correction)
    {
        layer.Quantized = false;
        Tensor ideal = layer.Accumulate(real[0]);
        Activation output = Forward(real, null);
        layer.Quantized = true;
        layer.InitializeWeightQuantizer(inputs[0], correction.Importance?.GetValueOrDefault(layer.GetName()));
        if (correction.OfWeights is not null)
        {
            layer.CorrectWeights(inputs[0], real[0], correction.OfWeights);
        }

        if (correction.OfRounding)
        {
            layer.LearnRounding(inputs[0]);
        }

        if (correction.OfBiases is BiasError error)
        {
            Tensor quantized = error == BiasError.Weights ? layer.AccumulateReal(real[0]) : layer.Accumulate(inputs[0]).to_type(float32);
            layer.ShiftOutput(ChannelMeans(ideal) - ChannelMeans(quantized));
        }

        layer.OutputQuantizer.Initialize(layer.Accumulate(inputs[0]).to_type(float32));
        return output;
    }

    private static Tensor ChannelMeans(Tensor sums) => sums.ndim == 4 ? sums.mean([0L, 2L, 3L]) : sums.mean([0L]);
}

/// <summary>A sum, or channels one after the other.</summary>
internal sealed class JoiningStage(JoiningLayer layer) : Stage
{
    public JoiningLayer Layer => layer;

    public override nn.Module Module => layer;

    public override Activation Forward(ImmutableArray<Activation> inputs, Action<string, Activation>? observe)
    {
        Activation output = layer.Activate(layer.Accumulate(inputs));
        observe?.Invoke(layer.GetName(), output);
        return output;
    }

    public override void InitializeQuantizers(ImmutableArray<Activation> inputs, IReadOnlyDictionary<string, Tensor>? importance) => Initialize(inputs);

    public override Activation Calibrate(ImmutableArray<Activation> inputs, ImmutableArray<Activation> real, Correction correction)
    {
        layer.Quantized = false;
        Activation output = Forward(real, null);
        layer.Quantized = true;
        Initialize(inputs);
        return output;
    }

    /// <summary>The range of the exact sum: terms have a scale only once the output has one.</summary>
    private void Initialize(ImmutableArray<Activation> inputs)
    {
        layer.Quantized = false;
        Tensor sum = layer.Accumulate(inputs);
        layer.Quantized = true;
        layer.OutputQuantizer.Initialize(sum);
    }
}

/// <summary>Signs in front of a matrix layer that multiplies signs.</summary>
internal sealed class SignStage(SignLayer layer) : Stage
{
    public SignLayer Layer => layer;

    public override nn.Module Module => layer;

    public override Activation Forward(ImmutableArray<Activation> inputs, Action<string, Activation>? observe)
    {
        Activation output = layer.Forward(inputs[0]);

        // A vector that was a feature map has another order in hardware, as behind every flattening.
        if (output.Values.ndim == 4)
        {
            observe?.Invoke(layer.GetName(), output);
        }

        return output;
    }

    public override Activation Calibrate(ImmutableArray<Activation> inputs, ImmutableArray<Activation> real, Correction correction)
    {
        layer.Quantized = false;
        Activation output = Forward(real, null);
        layer.Quantized = true;
        return output;
    }
}

/// <summary>The maximum of windows of a tensor that others read too, or that no matrix layer made.</summary>
internal sealed class PoolStage(MaxPoolSpec pool) : Stage
{
    public override Activation Forward(ImmutableArray<Activation> inputs, Action<string, Activation>? observe)
    {
        Activation output = inputs[0] with { Values = Pool(inputs[0].Values, pool) };
        observe?.Invoke(pool.Name, output);
        return output;
    }

    public static Tensor Pool(Tensor x, MaxPoolSpec pool) => nn.functional.max_pool2d(x, pool.Window, pool.Stride);
}

/// <summary>
/// The mean of each channel as hardware has it, in codes of the input's scale: <c>c = round_half_away(sum of c / n)</c>, with the gradient of the mean.
/// </summary>
internal sealed class MeanStage(GlobalAveragePoolSpec pool) : Stage
{
    public override Activation Forward(ImmutableArray<Activation> inputs, Action<string, Activation>? observe)
    {
        Activation input = inputs[0];
        Tensor mean = input.Values.mean([2L, 3L], keepdim: true);
        Activation output = input.Step is null ? input with { Values = mean } : input with { Values = StraightThrough.Replace(mean, Rounded(input)) };
        observe?.Invoke(pool.Name, output);
        return output;
    }

    private static Tensor Rounded(Activation input)
    {
        using IDisposable ungraded = no_grad();
        long count = input.Values.shape[2] * input.Values.shape[3];
        Tensor sum = input.Codes.to_type(float64).sum([2L, 3L], keepdim: true);

        // One division of integers that double precision holds: the floor is exact.
        Tensor magnitude = ((sum.abs() * 2.0) + (double)count).div(2.0 * count).floor();
        return (TensorRounding.Sign(sum) * magnitude).to_type(float32) * input.Step!;
    }
}

/// <summary>A feature map as a vector.</summary>
internal sealed class FlattenStage : Stage
{
    public override Activation Forward(ImmutableArray<Activation> inputs, Action<string, Activation>? observe) => inputs[0] with { Values = inputs[0].Values.flatten(1) };
}
