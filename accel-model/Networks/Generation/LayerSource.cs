// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks.Description;
using AccelModel.Numerics;

namespace AccelModel.Networks.Generation;

/// <summary>Makes one layer of integers, and says what is to be expected of its codes.</summary>
internal sealed class LayerSource(
    LayerDescription layer, ImmutableArray<TensorSpec> inputs, ImmutableArray<CodeStatistics> statistics, TensorSpec output, ActivationKind activation, NetworkFormats formats, ulong seed)
{
    private const int TermWidth = 24;

    private readonly bool _bipolar = output.Format == TensorFormats.Bipolar;

    private string Input => layer.Inputs[0];

    /// <summary>Rounding where no random words are.</summary>
    private RoundingMode PlainRounding => formats.Rounding == RoundingMode.Stochastic ? RoundingMode.HalfUp : formats.Rounding;

    private int Minimum => activation == ActivationKind.None ? (int)output.Format.MinRaw : 0;

    private int Maximum => activation == ActivationKind.Relu6 ? CodeOf(6, output.Format) : (int)output.Format.MaxRaw;

    /// <summary>The deviation of sums that use the codes' range, times 2^16.</summary>
    private long WantedDeviation => ((long)Maximum << CodeStatistics.FractionBits) / ScaleChoice.DeviationsInRange;

    /// <summary>The layer and the statistics of its output.</summary>
    public (Layer Layer, CodeStatistics Codes) Make() => layer switch
    {
        ConvolutionDescription convolution => Convolution(convolution),
        DenseDescription => Dense(),
        PoolDescription pool => Pool(pool),
        AddDescription => Add(),
        MultiplyDescription => Multiply(),
        MatmulDescription matmul => Matmul(matmul),
        ConcatDescription => Concat(),
        ChannelShuffleDescription shuffle => (new ChannelShuffleLayer { Name = layer.Name, Input = Input, Output = output, Groups = shuffle.Groups }, statistics[0]),
        LookupDescription lookup => Lookup(lookup),
        ClipDescription clip => Clip(clip),
        _ => (new FlattenLayer { Name = layer.Name, Input = Input, Output = output }, statistics[0]),
    };

    /// <summary>The code of a whole number, not beyond the format.</summary>
    private static int CodeOf(int value, FixedPointFormat format) =>
        (int)format.Saturate(format.FractionBits >= 0 ? (long)value << format.FractionBits : value >> -format.FractionBits);

    private (Layer Layer, CodeStatistics Codes) Convolution(ConvolutionDescription convolution)
    {
        int groups = convolution.GroupsOf(new(inputs[0].Height, inputs[0].Width, inputs[0].Channels));
        IntegerTensor weights = Weights([output.Channels, convolution.Kernel.Rows, convolution.Kernel.Columns, inputs[0].Channels / groups]);
        (Requantization requantization, CodeStatistics codes) = Requantization(weights);
        return (new Conv2dLayer
        {
            Name = layer.Name,
            Input = Input,
            Output = output,
            Weights = weights,
            WeightFormat = WeightSource.Format(formats.WeightsOf(layer.Name), formats.WeightBitsOf(layer.Name)),
            Stride = convolution.Stride,
            Padding = convolution.Padding,
            Dilation = convolution.Dilation,
            Groups = groups,

            // Codes of -1 and +1 have no zero to pad with.
            PaddingCode = inputs[0].Format == TensorFormats.Bipolar ? -1 : 0,
            Requantization = requantization,
        }, codes);
    }

    private (Layer Layer, CodeStatistics Codes) Dense()
    {
        IntegerTensor weights = Weights([output.Channels, inputs[0].Elements]);
        (Requantization requantization, CodeStatistics codes) = Requantization(weights);
        return (new DenseLayer
        {
            Name = layer.Name,
            Input = Input,
            Output = output,
            Weights = weights,
            WeightFormat = WeightSource.Format(formats.WeightsOf(layer.Name), formats.WeightBitsOf(layer.Name)),
            Requantization = requantization,
        }, codes);
    }

    private IntegerTensor Weights(ImmutableArray<int> shape) =>
        WeightSource.Draw(shape, formats.WeightsOf(layer.Name), formats.WeightBitsOf(layer.Name), new SplitMix(seed, layer.Name + ".weights"));

    /// <summary>Per output channel: the bias takes off the expected sum and adds up to half a deviation, either way, so that channels differ.</summary>
    private (Requantization Requantization, CodeStatistics Codes) Requantization(IntegerTensor weights)
    {
        int products = weights.Values.Length / output.Channels;
        var random = new SplitMix(seed, layer.Name + ".bias");
        var biases = ImmutableArray.CreateBuilder<long>(output.Channels);
        var multipliers = ImmutableArray.CreateBuilder<long>();
        var shifts = ImmutableArray.CreateBuilder<int>(output.Channels);
        Int128 squares = 0;
        for (int channel = 0; channel < output.Channels; channel++)
        {
            long sum = 0;
            Int128 sumOfSquares = 0;
            foreach (int weight in weights.Values.AsSpan(channel * products, products))
            {
                sum += weight;
                sumOfSquares += (long)weight * weight;
            }

            // In 2^-16: deviation * sqrt(sum of squares), the root taken with 8 bits behind the point.
            long deviation = (long)((Int128)statistics[0].Deviation * CodeStatistics.Root(sumOfSquares << 16) >> 8);
            long half = deviation >> (CodeStatistics.FractionBits + 1);
            biases.Add(-(long)((Int128)statistics[0].Mean * sum >> CodeStatistics.FractionBits) + random.Between(-(int)half, (int)half));
            if (!_bipolar)
            {
                (long multiplier, int shift) = ScaleChoice.Add(formats, WantedDeviation, deviation, multipliers, shifts);
                long scaled = (long)((Int128)deviation * multiplier >> shift);
                squares += (Int128)scaled * scaled;
            }
        }

        if (_bipolar)
        {
            return (new()
            {
                Kind = RequantizationKind.Thresholds,
                Bias = biases.ToImmutable(),
                Rounding = PlainRounding,
                Minimum = -1,
                Maximum = 1,
                Thresholds = [0],
                ThresholdsPerChannel = 1,
                ThresholdStep = 2,
            }, new(0, 1L << CodeStatistics.FractionBits));
        }

        // Biases are uniform over one deviation, which adds a twelfth to the variance.
        var codes = new CodeStatistics(0, CodeStatistics.Root(squares * 13 / 12 / output.Channels)).Clamped(Minimum, Maximum);
        return (new()
        {
            Kind = formats.Scale == ScaleKind.Shift ? RequantizationKind.Shift : RequantizationKind.MultiplierShift,
            Bias = biases.ToImmutable(),
            Multiplier = multipliers.ToImmutable(),
            Shift = shifts.ToImmutable(),
            Rounding = formats.Rounding,
            Minimum = Minimum,
            Maximum = Maximum,
        }, codes);
    }

    private (Layer Layer, CodeStatistics Codes) Pool(PoolDescription pool)
    {
        (int Rows, int Columns) window = pool.WindowOf(new(inputs[0].Height, inputs[0].Width, inputs[0].Channels));
        CodeStatistics codes = statistics[0];
        bool several = window.Rows * window.Columns > 1;
        if (pool.IsAverage)
        {
            // Neighbours are alike, and channels keep their own means: a mean of many has half the deviation of one, whatever their number.
            codes = codes with { Deviation = several ? codes.Deviation / 2 : codes.Deviation };
            return (new AveragePoolLayer
            {
                Name = layer.Name, Input = Input, Output = output, Window = window, Stride = pool.Stride, Padding = pool.Padding, CeilMode = pool.CeilMode, CountIncludePad = pool.CountIncludePad,
            }, codes);
        }

        // The greatest of a few is about half a deviation above one.
        codes = several ? codes with { Mean = codes.Mean + (codes.Deviation / 2) } : codes;
        return (new MaxPoolLayer { Name = layer.Name, Input = Input, Output = output, Window = window, Stride = pool.Stride, Padding = pool.Padding, CeilMode = pool.CeilMode }, codes);
    }

    /// <summary>Both terms are brought to the finer of their two steps, exactly; one scale follows the sum.</summary>
    private (Layer Layer, CodeStatistics Codes) Add()
    {
        (int first, int second) = (inputs[0].Format.FractionBits, inputs[1].Format.FractionBits);
        (int coarse, int fine) = (Math.Min(first, second), Math.Max(first, second));
        CodeStatistics sum = statistics[0].Times((Int128)1 << (fine - first), 1).Plus(statistics[1].Times((Int128)1 << (fine - second), 1));
        (Requantization requantization, CodeStatistics codes) = ScaledToRange(sum);
        Requantization Term(int fraction) => new()
        {
            Kind = RequantizationKind.Shift,
            Bias = [0],
            Shift = [fraction - coarse],
            Rounding = PlainRounding,
            Minimum = (int)TwosComplement.Min(TermWidth),
            Maximum = (int)TwosComplement.Max(TermWidth),
        };
        return (new AddLayer
        {
            Name = layer.Name, Input = Input, SecondInput = layer.Inputs[1], Output = output, LeftShift = fine - coarse, First = Term(first), Second = Term(second), Requantization = requantization,
        }, codes);
    }

    private (Layer Layer, CodeStatistics Codes) Multiply()
    {
        (Requantization requantization, CodeStatistics codes) = ScaledToRange(statistics[0].ProductWith(statistics[1]));
        return (new MultiplyLayer
        {
            Name = layer.Name, Input = Input, SecondInput = layer.Inputs[1], Output = output, FirstOffset = 0, SecondOffset = 0, Requantization = requantization,
        }, codes);
    }

    /// <summary>A sum of products that know nothing of each other.</summary>
    private (Layer Layer, CodeStatistics Codes) Matmul(MatmulDescription matmul)
    {
        CodeStatistics product = statistics[0].ProductWith(statistics[1]);
        int products = inputs[0].Channels;
        (Requantization requantization, CodeStatistics codes) = ScaledToRange(new(product.Mean * products, CodeStatistics.Root((Int128)product.Deviation * product.Deviation * products)));
        return (new MatmulLayer
        {
            Name = layer.Name, Input = Input, SecondInput = layer.Inputs[1], Output = output, TransposeSecond = matmul.Transpose, Requantization = requantization with { Rounding = formats.Rounding },
        }, codes);
    }

    private (Requantization Requantization, CodeStatistics Codes) ScaledToRange(CodeStatistics found)
    {
        (long multiplier, int shift) = ScaleChoice.Of(formats, WantedDeviation, found.RootMeanSquare);
        return (new()
        {
            Kind = RequantizationKind.MultiplierShift,
            Bias = [0],
            Multiplier = [multiplier],
            Shift = [shift],
            Rounding = PlainRounding,
            Minimum = Minimum,
            Maximum = Maximum,
        }, found.Times(multiplier, (Int128)1 << shift).Clamped(Minimum, Maximum));
    }

    private (Layer Layer, CodeStatistics Codes) Concat()
    {
        Int128 channels = 0, mean = 0, squares = 0;
        foreach ((TensorSpec tensor, CodeStatistics codes) in inputs.Zip(statistics))
        {
            channels += tensor.Channels;
            mean += (Int128)codes.Mean * tensor.Channels;
            squares += (Int128)codes.RootMeanSquare * codes.RootMeanSquare * tensor.Channels;
        }

        mean /= channels;
        return (new ConcatLayer { Name = layer.Name, Input = Input, OtherInputs = [.. layer.Inputs.Skip(1)], Output = output },
            new((long)mean, CodeStatistics.Root((squares / channels) - (mean * mean))));
    }

    private (Layer Layer, CodeStatistics Codes) Lookup(LookupDescription lookup)
    {
        ImmutableArray<int> table = FunctionTable.Of(lookup.Function, inputs[0].Format, output.Format);
        long least = inputs[0].Format.MinRaw;
        long Entry(long value) => (long)table[(int)(inputs[0].Format.Saturate((value + (1 << (CodeStatistics.FractionBits - 1))) >> CodeStatistics.FractionBits) - least)] << CodeStatistics.FractionBits;
        return (new LookupLayer { Name = layer.Name, Input = Input, Output = output, Table = table }, statistics[0].Through(Entry));
    }

    /// <summary>The same values between limits, from one step to another: a power of two.</summary>
    private (Layer Layer, CodeStatistics Codes) Clip(ClipDescription clip)
    {
        int right = inputs[0].Format.FractionBits - output.Format.FractionBits;
        (int minimum, int maximum) = (CodeOf(clip.Minimum, output.Format), clip.Maximum is int most ? CodeOf(most, output.Format) : (int)output.Format.MaxRaw);
        (long multiplier, int shift) = (1L << Math.Max(-right, 0), Math.Max(right, 0));
        return (new RequantizeLayer
        {
            Name = layer.Name,
            Input = Input,
            Output = output,
            Requantization = new()
            {
                Kind = RequantizationKind.MultiplierShift,
                Bias = [0],
                Multiplier = [multiplier],
                Shift = [shift],
                Rounding = PlainRounding,
                Minimum = minimum,
                Maximum = maximum,
            },
        }, statistics[0].Times(multiplier, (Int128)1 << shift).Clamped(minimum, maximum));
    }
}
