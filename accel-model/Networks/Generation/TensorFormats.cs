// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks.Description;
using AccelModel.Numerics;

namespace AccelModel.Networks.Generation;

/// <summary>
/// The number format of every tensor. Values lie in -8..8 (0..8 unsigned), those of sigmoid and tanh in -1..1; tensors that only move codes (pooling, concat, shuffle,
/// flatten) have the format of what they read; what meets in a sum or product is either all signed or all unsigned; what a matmul reads second is signed.
/// </summary>
internal sealed class TensorFormats
{
    /// <summary>Bits of the input and of the output of the last matrix layer.</summary>
    public const int OuterBits = 8;

    private const int RangeBits = 3;

    private readonly NetworkDescription _network;
    private readonly NetworkFormats _formats;
    private readonly Dictionary<string, string> _representative = [];
    private readonly Dictionary<string, FixedPointFormat> _byClass = [];

    public TensorFormats(NetworkDescription network, NetworkFormats formats)
    {
        _network = network;
        _formats = formats;
        Last = network.MatrixLayers.LastOrDefault()?.Name;
        Join();
        HashSet<string> signed = Signed();
        foreach (IGrouping<string, string> tensors in _representative.Keys.ToList().GroupBy(Root))
        {
            _byClass.Add(tensors.Key, Format([.. tensors], signed.Contains(tensors.Key)));
        }
    }

    /// <summary>The last matrix layer.</summary>
    public string? Last { get; }

    /// <summary>The format of a tensor.</summary>
    public FixedPointFormat Of(string tensor) => _byClass[Root(tensor)];

    /// <summary>The format of codes of -1 and +1; no other has two bits and whole numbers.</summary>
    public static FixedPointFormat Bipolar { get; } = new(true, 2, 0);

    /// <summary>What follows a layer's sums: a ReLU behind matrix layers but the last, unless the description says something else.</summary>
    public ActivationKind ActivationOf(LayerDescription layer) =>
        layer.Activation != ActivationKind.Default ? layer.Activation
        : layer is ConvolutionDescription or DenseDescription && layer.Name != Last ? ActivationKind.Relu
        : ActivationKind.None;

    private void Join()
    {
        _representative[NetworkDescription.InputName] = NetworkDescription.InputName;
        foreach (LayerDescription layer in _network.Layers)
        {
            _representative[layer.Name] = layer.Name;
            if (layer is PoolDescription or ConcatDescription or ChannelShuffleDescription or FlattenDescription)
            {
                foreach (string input in layer.Inputs)
                {
                    _representative[Root(input)] = Root(layer.Name);
                }
            }
        }
    }

    private string Root(string tensor)
    {
        while (_representative[tensor] != tensor)
        {
            tensor = _representative[tensor];
        }

        return tensor;
    }

    /// <summary>Classes that hold negative codes, or meet such.</summary>
    private HashSet<string> Signed()
    {
        HashSet<string> signed = [];
        if (_formats.SignedActivations || _network.SignedInput)
        {
            signed.Add(Root(NetworkDescription.InputName));
        }

        foreach (LayerDescription layer in _network.Layers)
        {
            bool negative = layer switch
            {
                LookupDescription lookup => lookup.Function != LookupFunction.Sigmoid,
                ClipDescription clip => clip.Minimum < 0,
                ConvolutionDescription or DenseDescription or AddDescription or MultiplyDescription or MatmulDescription => ActivationOf(layer) == ActivationKind.None || Bits(layer) == 1,
                _ => false,
            };
            if (negative || _formats.SignedActivations)
            {
                signed.Add(Root(layer.Name));
            }
        }

        // The second tensor of a product stands where weights do, which are two's complement.
        signed.UnionWith(_network.Layers.OfType<MatmulDescription>().Select(product => Root(product.Inputs[1])));
        int before;
        do
        {
            before = signed.Count;
            foreach (LayerDescription layer in _network.Layers.Where(layer => layer is AddDescription or MultiplyDescription && layer.Inputs.Any(input => signed.Contains(Root(input)))))
            {
                signed.UnionWith(layer.Inputs.Select(Root));
            }
        }
        while (signed.Count > before);
        return signed;
    }

    private int Bits(LayerDescription layer) => layer.Name == Last ? OuterBits : _formats.ActivationBitsOf(layer.Name);

    private FixedPointFormat Format(string[] tensors, bool signed)
    {
        LayerDescription[] makers =
        [
            .. _network.Layers.Where(layer => tensors.Contains(layer.Name) && layer is not (PoolDescription or ConcatDescription or ChannelShuffleDescription or FlattenDescription)),
        ];
        bool input = tensors.Contains(NetworkDescription.InputName);
        int bits = makers.Select(Bits).Concat(input ? [OuterBits] : Array.Empty<int>()).Max();
        if (bits == 1)
        {
            return Bipolar;
        }

        bool unit = makers.All(maker => maker is LookupDescription { Function: LookupFunction.Sigmoid or LookupFunction.Tanh }) && (makers.Length > 0 || !_network.SignedInput);
        return new(signed, bits, bits - (signed ? 1 : 0) - (unit ? 0 : RangeBits));
    }
}
