// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;

namespace AccelModel.Specification;

/// <summary>The tensors of a network by name, and which of them hold -1 and +1 alone.</summary>
internal sealed class FitTensors
{
    private const int BipolarWidth = 2;
    private readonly Dictionary<string, TensorSpec> _tensors = [];
    private readonly HashSet<string> _bipolar = [];

    public FitTensors(IntegerNetwork network)
    {
        Add(IntegerNetwork.InputName, network.Input, network.Input.Format is { Signed: true, Width: BipolarWidth });
        foreach (Layer layer in network.Layers)
        {
            Add(layer.Name, layer.Output, MakesSigns(layer));
        }
    }

    /// <summary>Shape and format.</summary>
    public TensorSpec Of(string name) => _tensors[name];

    /// <summary>
    /// Whether all codes are -1 or +1: of an input of the format that holds little else; and of what makes no others, as a sign does.
    /// </summary>
    public bool IsBipolar(string name) => _bipolar.Contains(name);

    private void Add(string name, TensorSpec tensor, bool bipolar)
    {
        _tensors[name] = tensor;
        if (bipolar)
        {
            _bipolar.Add(name);
        }
    }

    private bool MakesSigns(Layer layer) => layer switch
    {
        Conv2dLayer convolution => MakesSigns(convolution.Requantization),
        DenseLayer dense => MakesSigns(dense.Requantization),
        RequantizeLayer requantize => MakesSigns(requantize.Requantization),
        LookupLayer lookup => lookup.Table.All(IsSign),
        MaxPoolLayer or FlattenLayer or ConcatLayer or ChannelShuffleLayer => layer.Inputs.All(IsBipolar),
        _ => false,
    };

    private static bool MakesSigns(Requantization requantization) => requantization.Kind == RequantizationKind.Thresholds
        ? Enumerable.Range(0, requantization.ThresholdsPerChannel + 1).All(reached => IsSign(requantization.Minimum + (reached * requantization.ThresholdStep)))
        : requantization.Minimum == requantization.Maximum && IsSign(requantization.Minimum);

    private static bool IsSign(int code) => code is -1 or 1;
}
