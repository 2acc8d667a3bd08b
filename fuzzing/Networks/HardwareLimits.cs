// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;

namespace Fuzzing.Networks;

/// <summary>What a design can run of random networks, by docs/architecture.md.</summary>
internal static class HardwareLimits
{
    /// <summary>
    /// Formats, weights and requantisations that the array and the vector unit hold; layers that need an elementwise unit or tables only where there are any.
    /// Buffers are left out: what does not fit them is the scheduler's finding.
    /// </summary>
    public static NetworkLimits Of(AcceleratorSpec accelerator)
    {
        int element = accelerator.Requantizer.ElementWidth;
        bool stochastic = accelerator.Requantizer.Rounding == RoundingMode.Stochastic;
        ImmutableArray<RequantizationKind> scales = accelerator.Requantizer.DoubleRounding
            ? [RequantizationKind.DoubleRounding, RequantizationKind.Shift, RequantizationKind.MultiplierShift]
            : [RequantizationKind.Shift, RequantizationKind.MultiplierShift];
        RequantizationLimits result = new()
        {
            Kinds = [.. scales, RequantizationKind.Thresholds],
            Roundings = [accelerator.Requantizer.Rounding],
            MultiplierWidth = accelerator.Requantizer.MultiplierWidth,
            DoubleWidth = accelerator.Requantizer.MultiplierWidth,
            FixedShift = accelerator.Requantizer.FixedShift,
            BiasWidth = accelerator.Accumulator.Width,
            Thresholds = accelerator.Vector.ThresholdLevels,
        };
        RequantizationLimits scaled = result with
        {
            Kinds = scales,
            Roundings = [stochastic ? RoundingMode.HalfUp : accelerator.Requantizer.Rounding],
        };
        return new NetworkLimits
        {
            Kinds = Kinds(accelerator, stochastic, canScaleTerms: !stochastic || accelerator.Requantizer.FixedShift is null or 0),
            // Tiles that keep within groups, for want of a weight of zero, put channels in other lanes than their numbers say.
            Groups = !stochastic || accelerator.Array.ProcessingElement is not (ProcessingElementKind.XnorPopcount or ProcessingElementKind.Codebook),
            PoolsAnywhere = accelerator.Vector.Elementwise,
            OverlappingWindows = !stochastic,
            PaddedWindows = accelerator.Vector.Elementwise,
            UnsignedWidth = accelerator.Array.ProcessingElement == ProcessingElementKind.BitSerial ? Math.Min(element, UnsignedBits(accelerator.Array)) : ReadableUnsigned(accelerator),
            SignedWidth = accelerator.Array.ActivationSigned ? Math.Min(element, accelerator.Array.ActivationWidth) : 0,
            OutputWidth = element,
            Weights = [Weights(accelerator.Array)],
            Result = result,
            Term = scaled with { FixedShift = stochastic ? 0 : result.FixedShift, BiasWidth = Math.Min(element + 1, result.BiasWidth) },
            Combined = scaled with { FixedShift = null, BiasWidth = 0 },
            TermWidth = VectorSpec.TermWidth,
            ProductWidth = VectorSpec.CombinedWidth,
            LeftShift = 0,
            FirstOperands = accelerator.Array.Operands,
            SecondOperands = accelerator.Array.HasOperandOffsets ? accelerator.Array.WeightValues : OperandRange.OfWidth(Math.Min(accelerator.Array.WeightWidth, element)),
            MatmulOffsets = accelerator.Array.HasOperandOffsets,
            TableWidth = 8,
            AverageMultiplier = (1L << accelerator.Requantizer.MultiplierWidth) - 1,
        };
    }

    /// <summary>Codes and terms are scaled without random words, so where rounding is stochastic they are not shifted.</summary>
    private static ImmutableHashSet<string> Kinds(AcceleratorSpec accelerator, bool stochastic, bool canScaleTerms)
    {
        VectorSpec vector = accelerator.Vector;
        return
        [
            Conv2dLayer.KindName, DenseLayer.KindName, MaxPoolLayer.KindName, FlattenLayer.KindName,
            .. vector.Elementwise ? [ConcatLayer.KindName, ChannelShuffleLayer.KindName] : Array.Empty<string>(),
            .. vector.Elementwise && canScaleTerms ? [AveragePoolLayer.KindName, AddLayer.KindName, MultiplyLayer.KindName] : Array.Empty<string>(),
            .. vector.Elementwise && !stochastic ? [RequantizeLayer.KindName] : Array.Empty<string>(),
            .. vector.Lookup && vector.Elementwise ? [LookupLayer.KindName] : Array.Empty<string>(),
            .. accelerator.Array.ActivationWeights ? [MatmulLayer.KindName] : Array.Empty<string>(),
        ];
    }

    /// <summary>Beside signed codes, unsigned ones are read as signed elements.</summary>
    private static int ReadableUnsigned(AcceleratorSpec accelerator) => accelerator.Requantizer.ElementWidth - (accelerator.Vector.Elementwise ? 1 : 0);

    private static int UnsignedBits(ArraySpec array) => array.ActivationSigned ? array.ActivationWidth - 1 : array.ActivationWidth;

    private static WeightSet Weights(ArraySpec array) => array.ProcessingElement switch
    {
        ProcessingElementKind.XnorPopcount => new BipolarWeights(),
        ProcessingElementKind.TernaryAdd => new TernaryWeights(),
        ProcessingElementKind.ShiftAdd => new PowerWeights(array.WeightTerms, array.WeightWidth / array.WeightTerms),
        ProcessingElementKind.Codebook => new CodebookWeights(array.WeightWidth, array.CodebookValueWidth),
        _ => new IntegerWeights(array.WeightWidth),
    };
}
