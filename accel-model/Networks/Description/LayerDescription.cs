// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace AccelModel.Networks.Description;

/// <summary>What becomes of a layer's sums.</summary>
public enum ActivationKind
{
    /// <summary>What the training recipe or the generator puts there: a ReLU after every matrix layer but the last, nothing elsewhere.</summary>
    Default,

    /// <summary>Nothing.</summary>
    None,

    /// <summary><c>max(x, 0)</c>.</summary>
    Relu,

    /// <summary><c>min(max(x, 0), 6)</c>.</summary>
    Relu6,
}

/// <summary>One layer of a description.</summary>
public abstract record LayerDescription
{
    /// <summary>Unique name; its output carries it.</summary>
    public required string Name { get; init; }

    /// <summary>Names of what it reads: <c>input</c> or earlier layers.</summary>
    public required ImmutableArray<string> Inputs { get; init; }

    /// <summary>What follows its sums, where it has any.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Default;

    /// <summary>The kind as files spell it.</summary>
    public abstract string Kind { get; }

    /// <summary>The shape that comes of inputs without <see cref="Misfit"/>.</summary>
    public abstract TensorShape OutputOf(ImmutableArray<TensorShape> inputs);

    /// <summary>The key that is wrong and why, where the layer cannot read tensors of these shapes.</summary>
    public virtual (string Key, string Message)? Misfit(ImmutableArray<TensorShape> inputs) => null;

    /// <summary>Weights, biases not counted.</summary>
    public virtual long Weights(TensorShape input) => 0;

    /// <summary>Value equality.</summary>
    public virtual bool Equals(LayerDescription? other) =>
        other is not null && EqualityContract == other.EqualityContract && Name == other.Name && Activation == other.Activation && Inputs.AsSpan().SequenceEqual(other.Inputs.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Activation, Inputs.Length);

    /// <summary>The misfit of windows that are larger than what they slide over.</summary>
    protected static (string Key, string Message)? Larger(TensorShape input, TensorShape output) =>
        output.Height < 1 || output.Width < 1 ? ("kind", $"the window is larger than its input, found an input of {input}") : null;

    /// <summary>The misfit of tensors that must have one shape.</summary>
    protected static (string Key, string Message)? Unlike(string what, TensorShape found, TensorShape allowed) =>
        found == allowed ? null : ("inputs", $"{what}, found {found}, allowed {allowed}");
}

/// <summary>Convolution with zero padding: <c>out = floor((in + padding - dilation*(kernel - 1) - 1) / stride) + 1</c>.</summary>
public sealed record ConvolutionDescription : LayerDescription
{
    /// <inheritdoc/>
    public override string Kind => "conv2d";

    /// <summary>Output channels; 0 for as many as the input has (depthwise only).</summary>
    public required int Channels { get; init; }

    /// <summary>Rows and columns of the kernel.</summary>
    public required (int Rows, int Columns) Kernel { get; init; }

    /// <summary>Step.</summary>
    public (int Rows, int Columns) Stride { get; init; } = (1, 1);

    /// <summary>Distance of kernel elements.</summary>
    public (int Rows, int Columns) Dilation { get; init; } = (1, 1);

    /// <summary>Zero pixels at each side.</summary>
    public Padding Padding { get; init; } = Padding.None;

    /// <summary>Groups of channels; 0 for one of each input channel (depthwise).</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Groups for an input.</summary>
    public int GroupsOf(TensorShape input) => Groups == 0 ? input.Channels : Groups;

    /// <inheritdoc/>
    public override TensorShape OutputOf(ImmutableArray<TensorShape> inputs) => new(
        (int)WindowedAxis.Outputs(inputs[0].Height, Padding.Top, Padding.Bottom, Kernel.Rows, Stride.Rows, Dilation.Rows),
        (int)WindowedAxis.Outputs(inputs[0].Width, Padding.Left, Padding.Right, Kernel.Columns, Stride.Columns, Dilation.Columns),
        Channels == 0 ? inputs[0].Channels : Channels);

    /// <inheritdoc/>
    public override (string Key, string Message)? Misfit(ImmutableArray<TensorShape> inputs)
    {
        TensorShape output = OutputOf(inputs);
        int groups = GroupsOf(inputs[0]);
        return inputs[0].Channels % groups != 0 || output.Channels % groups != 0
            ? ("groups", $"does not divide the channels, found {groups}, allowed a divisor of {inputs[0].Channels} input and {output.Channels} output channels")
            : Larger(inputs[0], output);
    }

    /// <inheritdoc/>
    public override long Weights(TensorShape input) =>
        (long)OutputOf([input]).Channels * Kernel.Rows * Kernel.Columns * (input.Channels / GroupsOf(input));
}

/// <summary>Fully connected layer on a vector.</summary>
public sealed record DenseDescription : LayerDescription
{
    /// <inheritdoc/>
    public override string Kind => "dense";

    /// <summary>Number of outputs.</summary>
    public required int Outputs { get; init; }

    /// <inheritdoc/>
    public override TensorShape OutputOf(ImmutableArray<TensorShape> inputs) => new(1, 1, Outputs);

    /// <inheritdoc/>
    public override (string Key, string Message)? Misfit(ImmutableArray<TensorShape> inputs) =>
        (inputs[0].Height, inputs[0].Width) == (1, 1) ? null : ("kind", $"a dense layer reads a vector, found {inputs[0]}, allowed a flatten layer before it");

    /// <inheritdoc/>
    public override long Weights(TensorShape input) => input.Elements * Outputs;
}

/// <summary>Maximum or mean over windows, channel by channel.</summary>
public sealed record PoolDescription : LayerDescription
{
    /// <inheritdoc/>
    public override string Kind => $"{(Window == (0, 0) ? "global_" : "")}{(IsAverage ? "average" : "max")}_pool";

    /// <summary>Mean instead of maximum.</summary>
    public required bool IsAverage { get; init; }

    /// <summary>Window; (0, 0) for the whole input.</summary>
    public required (int Rows, int Columns) Window { get; init; }

    /// <summary>Step.</summary>
    public (int Rows, int Columns) Stride { get; init; } = (1, 1);

    /// <summary>Pixels at each side that do not take part (unless <see cref="CountIncludePad"/>).</summary>
    public Padding Padding { get; init; } = Padding.None;

    /// <summary>Whether the number of windows is rounded up.</summary>
    public bool CeilMode { get; init; }

    /// <summary>Whether padding counts, as zeros, in a mean.</summary>
    public bool CountIncludePad { get; init; }

    /// <summary>The window for an input.</summary>
    public (int Rows, int Columns) WindowOf(TensorShape input) => Window == (0, 0) ? (input.Height, input.Width) : Window;

    /// <inheritdoc/>
    public override TensorShape OutputOf(ImmutableArray<TensorShape> inputs)
    {
        (int rows, int columns) = WindowOf(inputs[0]);
        return new(
            (int)WindowedAxis.Outputs(inputs[0].Height, Padding.Top, Padding.Bottom, rows, Stride.Rows, 1, CeilMode),
            (int)WindowedAxis.Outputs(inputs[0].Width, Padding.Left, Padding.Right, columns, Stride.Columns, 1, CeilMode),
            inputs[0].Channels);
    }

    /// <inheritdoc/>
    public override (string Key, string Message)? Misfit(ImmutableArray<TensorShape> inputs)
    {
        (int rows, int columns) = WindowOf(inputs[0]);
        return Math.Max(Padding.Top, Padding.Bottom) >= rows || Math.Max(Padding.Left, Padding.Right) >= columns
            ? ("padding", $"not less than the window, found [{Padding.Top}, {Padding.Left}, {Padding.Bottom}, {Padding.Right}], allowed less than {rows} rows and {columns} columns")
            : Larger(inputs[0], OutputOf(inputs));
    }
}
