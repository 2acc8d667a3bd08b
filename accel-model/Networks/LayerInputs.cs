// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AccelModel.Networks;

/// <summary>Where a layer names the tensors that it reads.</summary>
internal static class LayerInputs
{
    /// <summary>The tensors in the order of <see cref="Layer.Inputs"/>, each with the path of the member that names it.</summary>
    public static IEnumerable<(string Path, string Name)> Of(string path, Layer layer) =>
        layer.FurtherInputs
            .Select((name, i) => (layer is ConcatLayer ? string.Create(CultureInfo.InvariantCulture, $"{path}.other_inputs[{i}]") : $"{path}.second_input", name))
            .Prepend(($"{path}.input", layer.Input));
}
