// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Specification;

/// <summary>
/// What schedule and times of a network depend on: two designs with equal keys have the same programs, cycles and traffic. The clock, widths of sums, what happens when they overflow
/// and the name are not in it; widths of operands and parameters are, as far as they decide about passes and memory words.
/// </summary>
/// <param name="Design">The design, with what does not matter taken out.</param>
/// <param name="DigitWidth">Bits of an unsigned activation that one pass consumes.</param>
/// <param name="ParameterLineWords">Memory words of a line of parameters.</param>
public sealed record TimingKey(AcceleratorSpec Design, int DigitWidth, int ParameterLineWords)
{
    private static readonly AccumulatorSpec AnyAccumulator = new() { Width = 0, Overflow = default };

    /// <summary>The key of a design.</summary>
    public static TimingKey Of(AcceleratorSpec accelerator) => new(
        accelerator with
        {
            Name = "",
            ClockMhz = 0,
            Array = accelerator.Array with { ActivationWidth = 0, PartialSumWidth = 0, Overflow = default },
            Accumulator = AnyAccumulator,
            Requantizer = accelerator.Requantizer with { MultiplierWidth = 0 },
        },
        accelerator.DigitWidth,
        accelerator.ParameterLineWords);
}
