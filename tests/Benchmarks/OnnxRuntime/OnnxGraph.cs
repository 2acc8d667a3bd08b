// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Benchmarks.OnnxRuntime;

/// <summary>An ONNX model of 8-bit operators while it is being written (onnx.proto3, IR version 8, operator set 13, and Microsoft's operators where ONNX has none).</summary>
internal sealed class OnnxGraph
{
    /// <summary>Domain of the operators that ONNX itself has not.</summary>
    public const string Microsoft = "com.microsoft";

    private const int Float = 1, UnsignedByte = 2, SignedByte = 3, Integer = 6;
    private readonly ProtoWriter graph = new();
    private int constants;

    /// <summary>An operator.</summary>
    public void Node(string kind, string domain, IEnumerable<string> inputs, string output, params ReadOnlySpan<(string Name, long[] Values)> attributes)
    {
        ProtoWriter node = new();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }
        node.Text(2, output).Text(3, output).Text(4, kind);
        foreach ((string name, long[] values) in attributes)
        {
            ProtoWriter attribute = new ProtoWriter().Text(1, name).Varint(20, 7);
            Array.ForEach(values, value => attribute.Varint(8, value));
            node.Message(5, attribute);
        }
        graph.Message(1, domain.Length == 0 ? node : node.Text(7, domain));
    }

    /// <summary>An operator with one number as its attribute.</summary>
    public void Node(string kind, string domain, IEnumerable<string> inputs, string output, string attribute, long value)
    {
        ProtoWriter node = new();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }
        graph.Message(1, node.Text(2, output).Text(3, output).Text(4, kind).Message(5, new ProtoWriter().Text(1, attribute).Varint(3, value).Varint(20, 2)).Text(7, domain));
    }

    public string Constant(float[] values, bool scalar) => Constant(Float, scalar ? [] : [values.Length], MemoryMarshal.AsBytes<float>(values));

    public string Constant(byte value) => Constant(UnsignedByte, [], [value]);

    public string Constant(int[] values) => Constant(Integer, [values.Length], MemoryMarshal.AsBytes<int>(values));

    public string Constant(sbyte[] values, int[] shape) => Constant(SignedByte, shape, MemoryMarshal.AsBytes<sbyte>(values));

    public string Zero() => Constant(SignedByte, [], [0]);

    /// <summary>The model.</summary>
    public byte[] Model(string input, int[] inputShape, string output, int[] outputShape)
    {
        graph.Text(2, "codesign").Message(11, Value(input, inputShape)).Message(12, Value(output, outputShape));
        return new ProtoWriter().Varint(1, 8)
            .Message(8, new ProtoWriter().Text(1, "").Varint(2, 13))
            .Message(8, new ProtoWriter().Text(1, Microsoft).Varint(2, 1))
            .Message(7, graph).ToArray();
    }

    private static ProtoWriter Value(string name, int[] shape)
    {
        ProtoWriter dimensions = new();
        Array.ForEach(shape, extent => dimensions.Message(1, new ProtoWriter().Varint(1, extent)));
        return new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(1, new ProtoWriter().Varint(1, UnsignedByte).Message(2, dimensions)));
    }

    private string Constant(int type, int[] shape, ReadOnlySpan<byte> raw)
    {
        string name = $"constant{constants++}";
        ProtoWriter tensor = new();
        Array.ForEach(shape, extent => tensor.Varint(1, extent));
        graph.Message(5, tensor.Varint(2, type).Text(8, name).Bytes(9, raw));
        return name;
    }
}
