// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;

namespace Fuzzing.Networks;

/// <summary>
/// Small random networks with branches, of all kinds of layers that the limits allow. The first of everything is the simplest, so that lists of choices shrink
/// to plain networks.
/// </summary>
internal static class RandomNetwork
{
    /// <summary>Draws a well-formed network with at least one conv2d or dense layer.</summary>
    public static IntegerNetwork Draw(ChoiceSource choices, NetworkLimits limits)
    {
        RandomLayers layers = new(choices, limits);
        TensorSpec input = new(choices.Between(1, limits.Extent), choices.Between(1, limits.Extent), choices.Between(1, limits.InputChannels), layers.ReadableFormat());
        string current = layers.Begin(input);
        int steps = choices.Between(1, limits.Steps);
        for (int step = 0; step < steps; step++)
        {
            layers.IsLastStep = step == steps - 1;
            List<Func<string>> possible = layers.Steps(current);
            bool hasMatrix = layers.Drawn.Any(layer => layer is Conv2dLayer or DenseLayer);
            current = choices.Of([.. layers.IsLastStep && !hasMatrix ? possible.Take(2) : possible])();
        }
        return new IntegerNetwork { Name = "random", Input = input, Layers = [.. layers.Drawn] };
    }

    /// <summary>Codes of the network's input, image after image; of a bipolar network -1 and +1.</summary>
    public static int[] DrawImages(ChoiceSource choices, IntegerNetwork network, NetworkLimits limits, int images)
    {
        FixedPointFormat format = network.Input.Format;
        bool bipolar = format.Signed && limits.SignedWidth == 1;
        return [.. Enumerable.Range(0, images * network.Input.Elements).Select(_ => bipolar ? choices.Of(1, -1) : RandomLayers.Code(choices, format))];
    }
}
