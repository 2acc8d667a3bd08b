// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using NnTrain.Layers;
using NnTrain.Quantizers;
using NnTrain.Specification;

namespace NnTrain.Lowering;

/// <summary>A tensor that is joined with others.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Tensor">Shape and format.</param>
/// <param name="Step">The value of a code.</param>
internal sealed record JoinedTensor(string Name, TensorSpec Tensor, double Step);

/// <summary>
/// From scales to the requantisers of a sum or a concatenation. With r_i the ratio of an input (<see cref="JoiningLayer"/>),
/// <code>
/// sum     code = clamp(round((round(c_1 r_1) + round(c_2 r_2)) / 2^F))
/// concat  code = clamp(round(c_i r_i)), a requantise layer in front of each input
/// </code>
/// </summary>
internal static class JoiningLowering
{
    /// <summary>Bits of a term of the vector unit.</summary>
    private const int TermWidth = 24;

    /// <summary>Lowers a layer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="layer">The trained layer.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="shape">The shape of what it makes.</param>
    /// <param name="hardware">The requantiser.</param>
    /// <param name="before">Takes layers that stand before it.</param>
    /// <exception cref="LoweringException">A scale fits no multiplier, or a term no vector unit.</exception>
    public static Layer Lower(string name, JoiningLayer layer, ImmutableArray<JoinedTensor> inputs, FeatureShape shape, RequantizerSpec hardware, Action<Layer> before)
    {
        if (hardware.Rounding == RoundingMode.Stochastic)
        {
            throw new LoweringException(name, "its terms have no random words, found a requantizer that rounds at random");
        }

        IGrid grid = layer.OutputQuantizer.Grid;
        TensorSpec output = NetworkLowering.Tensor(shape, grid.Format(NetworkLowering.FractionBits(layer.OutputStep)));
        Requantization[] terms = [.. inputs.Select(input => Term(name, layer, input, hardware))];
        if (layer is SumLayer)
        {
            return new AddLayer
            {
                Name = name,
                Input = inputs[0].Name,
                SecondInput = inputs[1].Name,
                Output = output,
                LeftShift = 0,
                First = terms[0],
                Second = terms[1],
                Requantization = new Requantization
                {
                    Kind = RequantizationKind.Shift,
                    Bias = [0],
                    Shift = [layer.FractionBits],
                    Rounding = hardware.Rounding,
                    Minimum = grid.Lowest,
                    Maximum = grid.Highest,
                },
            };
        }

        string[] parts = [.. inputs.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"{name}_part{i + 1}"))];
        for (int i = 0; i < parts.Length; i++)
        {
            before(new RequantizeLayer
            {
                Name = parts[i],
                Input = inputs[i].Name,
                Output = inputs[i].Tensor with { Format = output.Format },
                Requantization = terms[i] with { Minimum = grid.Lowest, Maximum = grid.Highest },
            });
        }

        return new ConcatLayer { Name = name, Input = parts[0], OtherInputs = [.. parts[1..]], Output = output };
    }

    private static Requantization Term(string name, JoiningLayer layer, JoinedTensor input, RequantizerSpec hardware)
    {
        double ratio = layer.TermRatio(input.Step);
        double largest = Math.Max(-input.Tensor.Format.MinRaw, input.Tensor.Format.MaxRaw) * ratio;
        long most = (1L << (TermWidth - 1)) - 1;
        if (!(largest <= most - 1))
        {
            throw new LoweringException(name, string.Create(
                CultureInfo.InvariantCulture, $"codes of '{input.Name}' are worth {ratio / (1L << layer.FractionBits):R} codes of the sum, whose terms have {TermWidth} bits"));
        }

        MultiplierShift factor = Factor(name, input.Name, ratio, hardware);
        bool shifts = factor.TryAsShift(out int shift);
        return new Requantization
        {
            Kind = shifts ? RequantizationKind.Shift : RequantizationKind.MultiplierShift,
            Bias = [0],
            Multiplier = shifts ? [] : [factor.Multiplier],
            Shift = [shifts ? shift : factor.Shift],
            Rounding = hardware.Rounding,
            Minimum = (int)-most,
            Maximum = (int)most,
        };
    }

    private static MultiplierShift Factor(string name, string input, double ratio, RequantizerSpec hardware)
    {
        try
        {
            return MultiplierShift.FromScale(ratio, hardware.MultiplierWidth);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new LoweringException(name, string.Create(
                CultureInfo.InvariantCulture, $"the scale of '{input}' is {ratio:R}, which a multiplier of {hardware.MultiplierWidth} bits cannot hold"));
        }
    }
}
