// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NnTrain.Layers;

/// <summary>
/// Batch normalisation of channels (dimension 1): <c>y = gamma (x - mean) / sqrt(sigma^2 + 1e-5) + beta</c>; in training with mean and
/// deviation of the batch, of which it keeps a running average with momentum 0.1, or the mean of several batches where they are taken anew.
/// <code>
/// deviation        sigma the standard deviation (Ioffe and Szegedy 2015); averages are those of mean and sigma^2
/// mean_magnitude   sigma by <see cref="NormStatistics.MeanMagnitude"/>; averages are those of mean and sigma, here and below
/// range            sigma by <see cref="NormStatistics.Range"/>
/// shift            y = AP2(gamma) (x - mean) AP2(1 / sqrt(sigma^2 + 1e-5)) + beta, sigma by <see cref="NormStatistics.Shifted"/>; momentum 1/8
///                  backward dL/dx = h (g - mean(g) - AP2(c) r^2 mean(g AP2(c))), c = x - mean, r = AP2(1 / sqrt(sigma^2 + 1e-5)), h = AP2(gamma) r; dL/dgamma = sum g c r
/// </code>
/// Backward, all but the last are the derivative of their formula. Shapes: image, channel, and row and column where there are any.
/// </summary>
public sealed class ChannelNorm : nn.Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-5;
    private const double Momentum = 0.1;

    /// <summary>A shift, as in the authors' code.</summary>
    private const double ShiftMomentum = 0.125;

    private const float LeastGamma = 1e-3f;

    private readonly NormSpec spec;
    private readonly Parameter gamma;
    private readonly Parameter beta;
    private readonly Tensor mean;
    private readonly Tensor variance;
    private double momentum;
    private bool frozen;

    /// <summary>The identity, until trained.</summary>
    /// <param name="channels">Channels.</param>
    /// <param name="spec">What it divides by; null for the standard deviation.</param>
    public ChannelNorm(long channels, NormSpec? spec = null)
        : base(nameof(ChannelNorm))
    {
        this.spec = spec ?? new() { Kind = NormKind.Deviation };
        momentum = RunningMomentum;
        gamma = new Parameter(ones(channels));
        beta = new Parameter(zeros(channels));
        mean = zeros(channels);
        variance = ones(channels);
        RegisterComponents();
    }

    private double RunningMomentum => spec.Kind == NormKind.Shift ? ShiftMomentum : Momentum;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (spec.Kind == NormKind.Deviation)
        {
            return nn.functional.batch_norm(input, mean, variance, gamma, beta, training && !frozen, momentum, Epsilon);
        }

        long[] shape = [1, input.shape[1], .. Enumerable.Repeat(1L, input.shape.Length - 2)];
        Tensor Over(Tensor perChannel) => perChannel.reshape(shape);
        if (!training)
        {
            (double[] gains, double[] offsets) = Folded();
            return (input + Over(tensor([.. offsets.Select(offset => (float)offset)]))) * Over(tensor([.. gains.Select(gain => (float)gain)]));
        }

        if (frozen)
        {
            return Normalized(input, input - Over(mean), variance, Over);
        }

        Tensor values = input.transpose(0, 1).flatten(1);
        Tensor ofBatch = values.mean([1L]);
        Tensor sigma = Sigma(values, values - ofBatch.unsqueeze(1));
        Observe(ofBatch.detach(), sigma.detach());
        return Normalized(input, input - Over(ofBatch), sigma.square(), Over);
    }

    /// <summary>Whether training, too, takes the running statistics, which then stay: batch norm is an affine function with trained gain and shift, <c>dL/dx = g gamma / sqrt(variance + 1e-5)</c>.</summary>
    public void Freeze(bool freezes) => frozen = freezes;

    /// <summary>The statistics become the mean of those of some batches, of which the next one is shown: its share is one over how many there are by then.</summary>
    /// <param name="batch">The batch, counted from 0; null to go back to the running average.</param>
    public void Average(int? batch) => momentum = batch is int before ? 1.0 / (before + 1) : RunningMomentum;

    /// <summary>
    /// The trained norm as <c>y = gain (x + offset)</c>, one each a channel: gain by <see cref="GainOf"/>, <c>offset = beta / gain - mean</c>.
    /// </summary>
    public (double[] Gains, double[] Offsets) Folded()
    {
        float[] gammas = gamma.data<float>().ToArray();
        float[] betas = beta.data<float>().ToArray();
        float[] means = mean.data<float>().ToArray();
        double[] gains = [.. variance.data<float>().ToArray().Select((v, channel) => GainOf(spec.Kind, gammas[channel], v))];
        double[] offsets = [.. gains.Select((gain, channel) => (betas[channel] / gain) - means[channel])];
        return (gains, offsets);
    }

    /// <summary>The gain of a channel of a trained norm: <c>gamma / sqrt(variance + 1e-5)</c>; of shifts, both factors the nearest power of two.</summary>
    /// <param name="kind">What it divides by.</param>
    /// <param name="gamma">Its factor.</param>
    /// <param name="variance">The square of its running deviation.</param>
    public static double GainOf(NormKind kind, float gamma, float variance)
    {
        double inverse = 1 / Math.Sqrt(variance + Epsilon);
        return kind == NormKind.Shift ? NearestPower(gamma) * NearestPower(inverse) : gamma * inverse;
    }

    /// <summary>Adds to beta.</summary>
    public void ShiftOutput(Tensor perChannel) => beta.add_(perChannel);

    /// <summary>Keeps |gamma| at 0.001 or more: a channel without gain has no offset in front of it.</summary>
    public void Constrain()
    {
        Tensor magnitude = gamma.abs().clamp(LeastGamma);
        gamma.copy_(magnitude.where(gamma.ge(0.0), magnitude.neg()));
    }

    private Tensor Sigma(Tensor values, Tensor centred) => spec.Kind switch
    {
        NormKind.MeanMagnitude => NormStatistics.MeanMagnitude(centred, spec.Reading ?? Reading.Code),
        NormKind.Range => NormStatistics.Range(values, spec.Reading ?? Reading.Code),
        _ => NormStatistics.Shifted(centred),
    };

    private Tensor Normalized(Tensor input, Tensor centred, Tensor square, Func<Tensor, Tensor> over)
    {
        Tensor inverse = (square + Epsilon).pow(-0.5);
        return spec.Kind == NormKind.Shift ? Shifted(input, centred, inverse, over) : (centred * over(inverse * gamma)) + over(beta);
    }

    /// <summary>Forward shifts, backward the usual derivative with powers of two in the place of all factors; of frozen statistics, which do not follow from the input, the gain alone.</summary>
    private Tensor Shifted(Tensor input, Tensor centred, Tensor inverse, Func<Tensor, Tensor> over)
    {
        Tensor c = centred.detach();
        Tensor rounded = NormStatistics.PowerOfTwo(c);
        Tensor factor = over(NormStatistics.PowerOfTwo(inverse));
        Tensor gain = over(NormStatistics.PowerOfTwo(gamma)) * factor;

        // Linear in the input (whose mean is all that centred takes away), with a symmetric matrix: what flows back has the form of what is computed.
        Tensor along = over((rounded * input).transpose(0, 1).flatten(1).mean([1L]));
        Tensor path = (frozen ? centred : centred - (rounded * factor.square() * along)) * gain;
        Tensor value = (c * gain) + over(beta.detach());
        return StraightThrough.Replace(path + (c * factor * over(gamma)) + over(beta), value);
    }

    private void Observe(Tensor ofBatch, Tensor sigma)
    {
        using IDisposable ungraded = no_grad();
        mean.mul_(1 - momentum).add_(ofBatch, momentum);
        variance.copy_(((variance.sqrt() * (1 - momentum)) + (sigma * momentum)).square());
    }

    private static double NearestPower(double x) => Math.CopySign(Math.ScaleB(1, (int)Math.Round(Math.Log2(Math.Abs(x)), MidpointRounding.ToEven)), x);
}
