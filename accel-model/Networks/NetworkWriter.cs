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
                WritePadding(convolution.Padding);
                WritePair("dilation", convolution.Dilation);
                _json.WriteNumber("groups", convolution.Groups);
                _json.WriteNumber("padding_code", convolution.PaddingCode);
                WriteRequantization(layer, "requantization", "", convolution.Requantization);
                break;
            case DenseLayer dense:
                WriteWeights(layer, dense.Weights, dense.WeightFormat);
                WriteRequantization(layer, "requantization", "", dense.Requantization);
                break;
            case MatmulLayer matmul:
                _json.WriteString("second_input", matmul.SecondInput);
                _json.WriteBoolean("transpose_second", matmul.TransposeSecond);
                _json.WriteNumber("first_offset", matmul.FirstOffset);
                _json.WriteNumber("second_offset", matmul.SecondOffset);
                WriteRequantization(layer, "requantization", "", matmul.Requantization);
                break;
            case MaxPoolLayer pool:
                WriteWindows(pool.Window, pool.Stride, pool.Padding, pool.CeilMode);
                break;
            case AveragePoolLayer pool:
                WriteWindows(pool.Window, pool.Stride, pool.Padding, pool.CeilMode);
                _json.WriteBoolean("count_include_pad", pool.CountIncludePad);
                _json.WriteNumber("padding_code", pool.PaddingCode);
                break;
            case AddLayer add:
                _json.WriteString("second_input", add.SecondInput);
                _json.WriteNumber("left_shift", add.LeftShift);
                WriteRequantization(layer, "first", "first_", add.First);
                WriteRequantization(layer, "second", "second_", add.Second);
                WriteRequantization(layer, "requantization", "", add.Requantization);
                break;
            case MultiplyLayer multiply:
                _json.WriteString("second_input", multiply.SecondInput);
                _json.WriteNumber("first_offset", multiply.FirstOffset);
                _json.WriteNumber("second_offset", multiply.SecondOffset);
                WriteRequantization(layer, "requantization", "", multiply.Requantization);
                break;
            case RequantizeLayer requantize:
                WriteRequantization(layer, "requantization", "", requantize.Requantization);
                break;
            case LookupLayer lookup:
                WriteConstant(layer, "table", "", NpyTypes.For(lookup.Output.Format), [lookup.Table.Length], lookup.Table.AsSpan());
                break;
            case ConcatLayer concat:
                WriteNames("other_inputs", concat.OtherInputs);
                break;
            case ChannelShuffleLayer shuffle:
                _json.WriteNumber("groups", shuffle.Groups);
                break;
        }
        _json.WriteEndObject();
    }

    private void WriteWeights(Layer layer, IntegerTensor weights, FixedPointFormat format)
    {
        WriteConstant(layer, "weights", "", NpyTypes.For(format), weights.Shape.AsSpan(), weights.Values.AsSpan());
        _json.WriteString("weight_format", format.ToString());
    }

    /// <summary>Without padding and ceil mode the keys of networks that were written before pooling had them.</summary>
    private void WriteWindows((int Rows, int Columns) window, (int Rows, int Columns) stride, Padding padding, bool ceilMode)
    {
        WritePair("window", window);
        WritePair("stride", stride);
        if (padding != Padding.None)
        {
            WritePadding(padding);
        }
        if (ceilMode)
        {
            _json.WriteBoolean("ceil_mode", ceilMode);
        }
    }

    /// <summary>A section; the names of its files begin with <paramref name="prefix"/>, which has no dot, so that no other layer's files have them.</summary>
    private void WriteRequantization(Layer layer, string section, string prefix, Requantization requantization)
    {
        _json.WriteStartObject(section);
        _json.WriteString("kind", EnumNames.Of(requantization.Kind));
        WriteConstant(layer, "bias", prefix, NpyType.Int64, [requantization.Bias.Length], requantization.Bias.AsSpan());
        if (requantization.Kind is RequantizationKind.MultiplierShift or RequantizationKind.DoubleRounding)
        {
            WriteConstant(layer, "multiplier", prefix, NpyType.UInt32, [requantization.Multiplier.Length], requantization.Multiplier.AsSpan());
        }
        if (requantization.Kind == RequantizationKind.Thresholds)
        {
            int count = requantization.ThresholdsPerChannel;
            WriteConstant(layer, "thresholds", prefix, NpyType.Int64, [requantization.Thresholds.Length / count, count], requantization.Thresholds.AsSpan());
            _json.WriteNumber("threshold_step", requantization.ThresholdStep);
        }
        else
        {
            WriteConstant(layer, "shift", prefix, NpyType.Int8, [requantization.Shift.Length], requantization.Shift.AsSpan());
            _json.WriteNumber("zero_point", requantization.ZeroPoint);
        }
        _json.WriteString("rounding", EnumNames.Of(requantization.Rounding));
        _json.WriteNumber("minimum", requantization.Minimum);
        _json.WriteNumber("maximum", requantization.Maximum);
        _json.WriteEndObject();
    }

    private void WriteConstant<T>(Layer layer, string key, string prefix, NpyType type, ReadOnlySpan<int> shape, ReadOnlySpan<T> values)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        string name = $"{layer.Name}.{prefix}{key}.npy";
        _constants.Add(name, NpyFile.ToBytes(NpyArray.FromIntegers(type, shape, values)));
        _json.WriteString(key, name);
    }

    private void WriteTensor(string key, TensorSpec tensor) =>
        WriteRaw(key, $"{{ \"height\": {tensor.Height}, \"width\": {tensor.Width}, \"channels\": {tensor.Channels}, \"format\": \"{tensor.Format}\" }}");

    private void WritePadding(Padding padding) =>
        WriteRaw("padding", $"{{ \"top\": {padding.Top}, \"left\": {padding.Left}, \"bottom\": {padding.Bottom}, \"right\": {padding.Right} }}");

    private void WriteNames(string key, ImmutableArray<string> names)
    {
        _json.WriteStartArray(key);
        foreach (string name in names)
        {
            _json.WriteStringValue(name);
        }
        _json.WriteEndArray();
    }

    private void WritePair(string key, (int Rows, int Columns) pair) => WriteRaw(key, $"[{pair.Rows}, {pair.Columns}]");

    private void WriteRaw(string key, FormattableString json)
    {
        _json.WritePropertyName(key);
        _json.WriteRawValue(json.ToString(CultureInfo.InvariantCulture));
    }
}
