// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;

namespace AccelModel.Scheduling;

/// <summary>
/// A convolution or dense layer as the array sees it: a convolution over a padded map (a dense layer is a 1 x 1 convolution over one pixel that holds every
/// element), with the pooling that follows it fused in.
/// </summary>
internal sealed record MatrixLayer
{
    public required int NetworkLayer { get; init; }
    public required int? PoolLayer { get; init; }
    public required string Name { get; init; }

    /// <summary>The input as this layer reads it (one pixel for a dense layer).</summary>
    public required TensorSpec Input { get; init; }

    /// <summary>The output after pooling.</summary>
    public required TensorSpec Output { get; init; }

    public required int ConvRows { get; init; }
    public required int ConvColumns { get; init; }
    public required int OutputChannels { get; init; }
    public required int KernelRows { get; init; }
    public required int KernelColumns { get; init; }
    public required (int Rows, int Columns) Stride { get; init; }
    public required (int Rows, int Columns) Dilation { get; init; }
    public required Padding Padding { get; init; }
    public required int PaddingCode { get; init; }
    public required (int Rows, int Columns) PoolWindow { get; init; }
    public required (int Rows, int Columns) PoolStride { get; init; }
    public required IntegerTensor Weights { get; init; }
    public required Requantization Requantization { get; init; }

    /// <summary>Products of one output.</summary>
    public int Depth => KernelRows * KernelColumns * Input.Channels;

    public long Macs => (long)ConvRows * ConvColumns * OutputChannels * Depth;

    /// <summary>The matrix layers of a network in order. Throws where a layer has no place on the array.</summary>
    public static List<MatrixLayer> Of(IntegerNetwork network)
    {
        var result = new List<MatrixLayer>();
        var findings = new List<ScheduleFinding>();
        TensorSpec current = network.Input;
        string currentName = IntegerNetwork.InputName;
        for (int i = 0; i < network.Layers.Length; i++)
        {
            Layer layer = network.Layers[i];
            if (layer.Input != currentName)
            {
                findings.Add(new("array", layer.Name, $"reads '{layer.Input}', but the accelerator runs chains: expected '{currentName}'"));
            }

            switch (layer)
            {
                case Conv2dLayer conv:
                    if (conv.Groups != 1)
                    {
                        findings.Add(new("array", layer.Name, $"has {conv.Groups} groups; the array runs convolutions of one group"));
                        break;
                    }

                    result.Add(FromConvolution(conv, i, current));
                    break;
                case DenseLayer dense:
                    result.Add(FromDense(dense, i, current));
                    break;
                case MaxPoolLayer pool when result.Count > 0 && result[^1].PoolLayer is null && result[^1].NetworkLayer == i - 1:
                    result[^1] = result[^1] with { PoolLayer = i, PoolWindow = pool.Window, PoolStride = pool.Stride, Output = pool.Output };
                    break;
                case MaxPoolLayer:
                    findings.Add(new("array", layer.Name, "a max_pool runs only directly after a conv2d or dense layer"));
                    break;
                case FlattenLayer:
                    break;
                default:
                    findings.Add(new("array", layer.Name, $"the accelerator has no '{layer.Kind}'"));
                    break;
            }

            current = layer.Output;
            currentName = layer.Name;
        }

        return findings.Count == 0 ? result : throw new ScheduleException(findings);
    }

    private static MatrixLayer FromConvolution(Conv2dLayer conv, int index, TensorSpec input) => new()
    {
        NetworkLayer = index,
        PoolLayer = null,
        Name = conv.Name,
        Input = input,
        Output = conv.Output,
        ConvRows = conv.Output.Height,
        ConvColumns = conv.Output.Width,
        OutputChannels = conv.Output.Channels,
        KernelRows = conv.Weights.Shape[1],
        KernelColumns = conv.Weights.Shape[2],
        Stride = conv.Stride,
        Dilation = conv.Dilation,
        Padding = conv.Padding,
        PaddingCode = conv.PaddingCode,
        PoolWindow = (1, 1),
        PoolStride = (1, 1),
        Weights = conv.Weights,
        Requantization = conv.Requantization,
    };

    private static MatrixLayer FromDense(DenseLayer dense, int index, TensorSpec input) => new()
    {
        NetworkLayer = index,
        PoolLayer = null,
        Name = dense.Name,
        Input = new TensorSpec(1, 1, input.Elements, input.Format),
        Output = dense.Output,
        ConvRows = 1,
        ConvColumns = 1,
        OutputChannels = dense.Output.Channels,
        KernelRows = 1,
        KernelColumns = 1,
        Stride = (1, 1),
        Dilation = (1, 1),
        Padding = Padding.None,
        PaddingCode = 0,
        PoolWindow = (1, 1),
        PoolStride = (1, 1),
        Weights = dense.Weights,
        Requantization = dense.Requantization,
    };
}
