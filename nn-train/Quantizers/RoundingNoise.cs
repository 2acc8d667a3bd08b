// SPDX-License-Identifier: Apache-2.0
using NnTrain.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// The random numbers of one quantizer in one step of training: a function of seed, step, quantizer and position alone, so that a training that goes on after an interruption has the same, on any number of threads.
/// Whoever quantises the same tensor twice in a step gets the same codes.
/// </summary>
/// <param name="seed">The recipe's.</param>
/// <param name="step">Steps of the phase before this one.</param>
/// <param name="quantizer">Its place among the quantizers of the network.</param>
public sealed class RoundingNoise(long seed, long step, int quantizer)
{
    /// <summary>The stream of <see cref="SeededRandom"/>.</summary>
    private const int Stream = 5;
    private const int Bits = 24;
    private const float Unit = 1f / (1 << Bits);

    /// <summary>A number of [0, 1) for each element of a tensor, a multiple of 2^-24, on its device.</summary>
    public Tensor Of(Tensor x)
    {
        SeededRandom random = new(seed, Stream, quantizer, (int)(step >> 32), (int)step);
        Tensor noise = empty(x.shape);
        foreach (ref float number in new Elements(noise).All)
        {
            number = (random.NextBits() >> (64 - Bits)) * Unit;
        }

        return noise.to(x.device);
    }
}
