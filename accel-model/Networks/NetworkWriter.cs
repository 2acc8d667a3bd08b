// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using AccelModel.Numerics;
using AccelModel.Specification.Yaml;

namespace AccelModel.Networks;

/// <summary>A network as the files of its directory.</summary>
internal sealed class NetworkWriter
{
    private readonly SortedDictionary<string, byte[]> _constants = new(StringComparer.Ordinal);
    private readonly MemoryStream _stream = new();
    private readonly Utf8JsonWriter _json;

    private NetworkWriter() => _json = new Utf8JsonWriter(
        _stream, new JsonWriterOptions { Indented = true, IndentSize = 2, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Names and contents, constants first.</summary>
    public static IEnumerable<(string Name, byte[] Content)> Files(IntegerNetwork network)
    {
        NetworkWriter writer = new();
        writer.WriteNetwork(network);
        return [.. writer._constants.Select(file => (file.Key, file.Value)), (NetworkFile.JsonName, writer._stream.ToArray())];
    }

    private void WriteNetwork(IntegerNetwork network)
    {
        _json.WriteStartObject();
        _json.WriteNumber("format_version", NetworkFile.FormatVersion);
        _json.WriteString("name", network.Name);
        WriteTensor("input", network.Input);
        _json.WriteStartArray("layers");
        foreach (Layer layer in network.Layers)
        {
            WriteLayer(layer);
        }
        _json.WriteEndArray();
        _json.WriteStartObject("files");
        foreach ((string name, byte[] content) in _constants)
        {
            _json.WriteString(name, Convert.ToHexStringLower(SHA256.HashData(content)));
        }
        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
        _stream.WriteByte((byte)'\n');
    }

    private void WriteLayer(Layer layer)
    {
        _json.WriteStartObject();
        _json.WriteString("kind", layer.Kind);
        _json.WriteString("name", layer.Name);
        _json.WriteString("input", layer.Input);
        WriteTensor("output", layer.Output);
        switch (layer)
        {
            case Conv2dLayer convolution:
                WriteWeights(layer, convolution.Weights, convolution.WeightFormat);
                WritePair("stride", convolution.Stride);
                Padding padding = convolution.Padding;
                WriteRaw("padding", $"{{ \"top\": {padding.Top}, \"left\": {padding.Left}, \"bottom\": {padding.Bottom}, \"right\": {padding.Right} }}");
                WritePair("dilation", convolution.Dilation);
                _json.WriteNumber("groups", convolution.Groups);
                _json.WriteNumber("padding_code", convolution.PaddingCode);
                WriteRequantization(layer, convolution.Requantization);
                break;
            case DenseLayer dense:
                WriteWeights(layer, dense.Weights, dense.WeightFormat);
                WriteRequantization(layer, dense.Requantization);
                break;
            case MaxPoolLayer pool:
                WritePair("window", pool.Window);
                WritePair("stride", pool.Stride);
                break;
        }
        _json.WriteEndObject();
    }

    private void WriteWeights(Layer layer, IntegerTensor weights, FixedPointFormat format)
    {
        WriteConstant(layer, "weights", NpyTypes.For(format), weights.Shape.AsSpan(), weights.Values.AsSpan());
        _json.WriteString("weight_format", format.ToString());
    }

    private void WriteRequantization(Layer layer, Requantization requantization)
    {
        _json.WriteStartObject("requantization");
        _json.WriteString("kind", EnumNames.Of(requantization.Kind));
        WriteConstant(layer, "bias", NpyType.Int64, [requantization.Bias.Length], requantization.Bias.AsSpan());
        if (requantization.Kind is RequantizationKind.MultiplierShift or RequantizationKind.DoubleRounding)
        {
            WriteConstant(layer, "multiplier", NpyType.UInt32, [requantization.Multiplier.Length], requantization.Multiplier.AsSpan());
        }
        if (requantization.Kind == RequantizationKind.Thresholds)
        {
            int count = requantization.ThresholdsPerChannel;
            WriteConstant(layer, "thresholds", NpyType.Int64, [requantization.Thresholds.Length / count, count], requantization.Thresholds.AsSpan());
            _json.WriteNumber("threshold_step", requantization.ThresholdStep);
        }
        else
        {
            WriteConstant(layer, "shift", NpyType.Int8, [requantization.Shift.Length], requantization.Shift.AsSpan());
            _json.WriteNumber("zero_point", requantization.ZeroPoint);
        }
        _json.WriteString("rounding", EnumNames.Of(requantization.Rounding));
        _json.WriteNumber("minimum", requantization.Minimum);
        _json.WriteNumber("maximum", requantization.Maximum);
        _json.WriteEndObject();
    }

    private void WriteConstant<T>(Layer layer, string key, NpyType type, ReadOnlySpan<int> shape, ReadOnlySpan<T> values)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        string name = $"{layer.Name}.{key}.npy";
        _constants.Add(name, NpyFile.ToBytes(NpyArray.FromIntegers(type, shape, values)));
        _json.WriteString(key, name);
    }

    private void WriteTensor(string key, TensorSpec tensor) =>
        WriteRaw(key, $"{{ \"height\": {tensor.Height}, \"width\": {tensor.Width}, \"channels\": {tensor.Channels}, \"format\": \"{tensor.Format}\" }}");

    private void WritePair(string key, (int Rows, int Columns) pair) => WriteRaw(key, $"[{pair.Rows}, {pair.Columns}]");

    private void WriteRaw(string key, FormattableString json)
    {
        _json.WritePropertyName(key);
        _json.WriteRawValue(json.ToString(CultureInfo.InvariantCulture));
    }
}
