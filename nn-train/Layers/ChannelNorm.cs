// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NnTrain.Layers;

/// <summary>
/// Batch normalisation of channels (dimension 1): <c>y = gamma (x - mean) / sqrt(variance + 1e-5) + beta</c>; in training with mean and
/// variance of the batch, of which it keeps a running average with momentum 0.1 (Ioffe and Szegedy 2015), or the mean of several batches where they are taken anew.
/// </summary>
public sealed class ChannelNorm : nn.Module<Tensor, Tensor>
{
    internal const double Epsilon = 1e-5;
    private const double Momentum = 0.1;
    private const float LeastGamma = 1e-3f;

    private readonly Parameter gamma;
    private readonly Parameter beta;
    private readonly Tensor mean;
    private readonly Tensor variance;
    private double momentum = Momentum;

    /// <summary>The identity, until trained.</summary>
    public ChannelNorm(long channels)
        : base(nameof(ChannelNorm))
    {
        gamma = new Parameter(ones(channels));
        beta = new Parameter(zeros(channels));
        mean = zeros(channels);
        variance = ones(channels);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) =>
        nn.functional.batch_norm(input, mean, variance, gamma, beta, training, momentum, Epsilon);

    /// <summary>The statistics become the mean of those of some batches, of which the next one is shown: its share is one over how many there are by then.</summary>
    /// <param name="batch">The batch, counted from 0; null to go back to the running average.</param>
    public void Average(int? batch) => momentum = batch is int before ? 1.0 / (before + 1) : Momentum;

    /// <summary>
    /// The trained norm as <c>y = gain (x + offset)</c>, one each a channel:
    /// <c>gain = gamma / sqrt(variance + 1e-5)</c>, <c>offset = beta / gain - mean</c>.
    /// </summary>
    public (double[] Gains, double[] Offsets) Folded()
    {
        float[] gammas = gamma.data<float>().ToArray();
        float[] betas = beta.data<float>().ToArray();
        float[] means = mean.data<float>().ToArray();
        double[] gains = [.. variance.data<float>().ToArray().Select((v, channel) => gammas[channel] / Math.Sqrt(v + Epsilon))];
        double[] offsets = [.. gains.Select((gain, channel) => (betas[channel] / gain) - means[channel])];
        return (gains, offsets);
    }

    /// <summary>Adds to beta.</summary>
    public void ShiftOutput(Tensor perChannel) => beta.add_(perChannel);

    /// <summary>Keeps |gamma| at 0.001 or more: a channel without gain has no offset in front of it.</summary>
    public void Constrain()
    {
        Tensor magnitude = gamma.abs().clamp(LeastGamma);
        gamma.copy_(magnitude.where(gamma.ge(0.0), magnitude.neg()));
    }
}
