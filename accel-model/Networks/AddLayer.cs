// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace AccelModel.Networks;

/// <summary>
/// Elementwise sum of two tensors of one shape, each brought to a common scale first (TFLite's three-multiplier form; plain shifts are the special case):
/// <c>u1 = first((in1 + first.bias) * 2^left_shift)</c>, <c>u2</c> likewise, <c>out = requantization(u1 + u2)</c>.
/// </summary>
public sealed record AddLayer : Layer
{
    /// <summary>The kind's name.</summary>
    public const string KindName = "add";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>Name of the second tensor.</summary>
    public required string SecondInput { get; init; }

    /// <inheritdoc/>
    public override ImmutableArray<string> FurtherInputs => [SecondInput];

    /// <summary>Both codes, offset added, are multiplied by <c>2^left_shift</c> before their requantisation. 0..20.</summary>
    public required int LeftShift { get; init; }

    /// <summary>Scale of the first input: bias (of one entry) is the negated zero point; minimum and maximum bound the term, 32 bits (a vector unit holds 24).</summary>
    public required Requantization First { get; init; }

    /// <summary>Scale of the second input.</summary>
    public required Requantization Second { get; init; }

    /// <summary>From the sum of the terms to the output code.</summary>
    public required Requantization Requantization { get; init; }
}
