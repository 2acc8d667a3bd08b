// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace AccelModel.Networks;

/// <summary>The kinds of layers by the names that files and reports use.</summary>
public static class LayerKinds
{
    /// <summary>All kinds, in the order of the documentation.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        Conv2dLayer.KindName, DenseLayer.KindName, MatmulLayer.KindName, MaxPoolLayer.KindName, AveragePoolLayer.KindName, AddLayer.KindName, MultiplyLayer.KindName,
        RequantizeLayer.KindName, LookupLayer.KindName, ConcatLayer.KindName, ChannelShuffleLayer.KindName, FlattenLayer.KindName,
    ];
}
