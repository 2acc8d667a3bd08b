// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;

namespace Benchmarks.OnnxRuntime;

/// <summary>
/// An integer network as an ONNX model of unsigned 8-bit tensors: signed codes are stored plus 128, which is then their zero point, and scales are those of the requantisers.
/// ONNX Runtime scales in floating point and rounds ties to even, so codes may differ by one where the requantiser's exact number lies at a tie, and
/// by a few behind many layers.
/// </summary>
internal sealed class OnnxModel
{
    private readonly OnnxGraph graph = new();
    private readonly Dictionary<string, TensorSpec> tensors;
    private readonly Dictionary<string, string> names;

    private OnnxModel(IntegerNetwork network)
    {
        tensors = network.Layers.ToDictionary(layer => layer.Name, layer => layer.Output);
        tensors.Add(IntegerNetwork.InputName, network.Input);
        names = tensors.Keys.ToDictionary(name => name, name => name);
    }

    /// <summary>The model for a batch.</summary>
    public static byte[] Of(IntegerNetwork network, int batch)
    {
        OnnxModel model = new(network);
        foreach (Layer layer in network.Layers)
        {
            model.Add(layer);
        }
        TensorSpec output = network.Layers[^1].Output;
        return model.graph.Model(
            IntegerNetwork.InputName, [batch, network.Input.Channels, network.Input.Height, network.Input.Width],
            model.names[network.Layers[^1].Name], [batch, output.Channels, output.Height, output.Width]);
    }

    /// <summary>What is added to a tensor's codes.</summary>
    public static byte ZeroPoint(TensorSpec tensor) => tensor.Format.Signed ? (byte)128 : (byte)0;

    private void Add(Layer layer)
    {
        switch (layer)
        {
            case Conv2dLayer { Groups: 1 } convolution:
                Convolution(layer, convolution.Weights, convolution.Stride, convolution.Padding, convolution.Dilation, convolution.Requantization);
                break;
            case DenseLayer dense:
                // A window as large as its input.
                TensorSpec input = tensors[layer.Input];
                IntegerTensor weights = new([dense.Output.Channels, input.Height, input.Width, input.Channels], dense.Weights.Values);
                Convolution(layer, weights, (1, 1), Padding.None, (1, 1), dense.Requantization);
                break;
            case MaxPoolLayer pool:
                graph.Node(
                    "MaxPool", "", [names[layer.Input]], layer.Name, ("kernel_shape", [pool.Window.Rows, pool.Window.Columns]), ("strides", [pool.Stride.Rows, pool.Stride.Columns]),
                    ("pads", [pool.Padding.Top, pool.Padding.Left, pool.Padding.Bottom, pool.Padding.Right]));
                break;
            case AveragePoolLayer when layer.Output.Pixels == 1:
                string scale = graph.Constant([1f], scalar: true);
                graph.Node(
                    "QLinearGlobalAveragePool", OnnxGraph.Microsoft, [names[layer.Input], scale, Zero(layer.Input), scale, Zero(layer.Name)], layer.Name, "channels_last", 0);
                break;
            case AddLayer add:
                graph.Node(
                    "QLinearAdd",
                    OnnxGraph.Microsoft,
                    [
                        names[add.Input], Scale(add.First, Math.Pow(2, add.LeftShift)), Zero(add.Input), names[add.SecondInput], Scale(add.Second, Math.Pow(2, add.LeftShift)),
                        Zero(add.SecondInput), graph.Constant([(float)(1 / ScaleOf(add.Requantization, 0))], scalar: true), Zero(layer.Name),
                    ],
                    Unclipped(layer));
                Clip(layer, add.Requantization);
                break;
            case FlattenLayer:
                names[layer.Name] = names[layer.Input];
                break;
            default:
                throw new NotSupportedException($"layer '{layer.Name}' of kind {layer.Kind}");
        }
    }

    private void Convolution(
        Layer layer, IntegerTensor weights, (int Rows, int Columns) stride, Padding padding, (int Rows, int Columns) dilation, Requantization requantization)
    {
        int outputs = weights.Shape[0], rows = weights.Shape[1], columns = weights.Shape[2], channels = weights.Shape[3];
        sbyte[] values = new sbyte[weights.Values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int channel = i % channels, tap = i / channels % (rows * columns), output = i / (channels * rows * columns);
            values[(((output * channels) + channel) * rows * columns) + tap] = checked((sbyte)weights.Values[i]);
        }
        float[] scales = [.. Enumerable.Range(0, outputs).Select(output => (float)ScaleOf(requantization, output))];
        int[] bias = [.. Enumerable.Range(0, outputs).Select(output => checked((int)requantization.Bias[Math.Min(output, requantization.Bias.Length - 1)]))];
        string one = graph.Constant([1f], scalar: true);
        graph.Node(
            "QLinearConv",
            "",
            [
                names[layer.Input], one, Zero(layer.Input), graph.Constant(values, [outputs, channels, rows, columns]), graph.Constant(scales, scalar: false), graph.Zero(), one,
                Zero(layer.Name), graph.Constant(bias),
            ],
            Unclipped(layer),
            ("kernel_shape", [rows, columns]),
            ("strides", [stride.Rows, stride.Columns]),
            ("dilations", [dilation.Rows, dilation.Columns]),
            ("pads", [padding.Top, padding.Left, padding.Bottom, padding.Right]));
        Clip(layer, requantization);
    }

    private static string Unclipped(Layer layer) => $"{layer.Name}.unclipped";

    /// <summary>Brings codes into the requantiser's range where that is less than a byte's, such as a ReLU into a signed format.</summary>
    private void Clip(Layer layer, Requantization requantization)
    {
        byte zero = ZeroPoint(layer.Output);
        byte least = checked((byte)(requantization.Minimum + zero)), greatest = checked((byte)(requantization.Maximum + zero));
        if ((least, greatest) == (byte.MinValue, byte.MaxValue))
        {
            names[layer.Name] = Unclipped(layer);
        }
        else
        {
            graph.Node("Clip", "", [Unclipped(layer), graph.Constant(least), graph.Constant(greatest)], layer.Name);
        }
    }

    private string Zero(string tensor) => graph.Constant(ZeroPoint(tensors[tensor]));

    private string Scale(Requantization requantization, double factor) => graph.Constant([(float)(ScaleOf(requantization, 0) * factor)], scalar: true);

    private static double ScaleOf(Requantization requantization, int channel)
    {
        double multiplier = requantization.Multiplier.IsEmpty ? 1 : requantization.Multiplier[Math.Min(channel, requantization.Multiplier.Length - 1)];
        return multiplier / Math.Pow(2, requantization.Shift[Math.Min(channel, requantization.Shift.Length - 1)]);
    }
}
