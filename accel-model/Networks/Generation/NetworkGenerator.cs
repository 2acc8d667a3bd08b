// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks.Description;
using AccelModel.Numerics;

namespace AccelModel.Networks.Generation;

/// <summary>
/// An integer network of a description, with random weights and with scales in closed form: every sum of products is centred by its bias and scaled so that three deviations
/// fill the codes (<see cref="CodeStatistics"/>), so that codes are neither all zero nor all clamped. The same description, formats and seed give the same bytes everywhere.
/// </summary>
public static class NetworkGenerator
{
    /// <summary>What a description and formats ask for that no network has; empty where there is one.</summary>
    public static ImmutableArray<string> Problems(NetworkDescription network, NetworkFormats formats)
    {
        List<string> problems = [];
        problems.AddRange(formats.Layers.Keys.Where(name => network.Layers.All(layer => layer.Name != name)).Order(StringComparer.Ordinal)
            .Select(name => $"no layer has the name '{name}', allowed {string.Join(", ", network.Layers.Select(layer => layer.Name))}"));
        foreach (LayerDescription layer in network.MatrixLayers)
        {
            (int least, int most) = WeightSource.Bits(formats.WeightsOf(layer.Name));
            int bits = formats.WeightBitsOf(layer.Name);
            if (bits < least || bits > most)
            {
                problems.Add($"weights of layer '{layer.Name}': found {bits} bits, allowed {least}..{most} for {Specification.Yaml.EnumNames.Of(formats.WeightsOf(layer.Name))}");
            }
        }

        foreach (LayerDescription layer in network.Layers.Where(layer => formats.ActivationBitsOf(layer.Name) is < 1 or > TensorFormats.OuterBits))
        {
            problems.Add($"output of layer '{layer.Name}': found {formats.ActivationBitsOf(layer.Name)} bits, allowed 1..{TensorFormats.OuterBits}");
        }

        foreach (LayerDescription layer in network.Layers.Where(layer => formats.ActivationBitsOf(layer.Name) == 1
            && layer is AddDescription or MultiplyDescription or MatmulDescription or LookupDescription or ClipDescription or PoolDescription { IsAverage: true }))
        {
            problems.Add($"layer '{layer.Name}': {layer.Kind} makes no codes of -1 and +1, found 1 bit of activation, allowed 2..{TensorFormats.OuterBits}");
        }

        return [.. problems];
    }

    /// <summary>The network.</summary>
    /// <param name="network">What it computes.</param>
    /// <param name="formats">In which formats.</param>
    /// <param name="seed">Of its weights and biases (<see cref="SplitMix"/>, by layer).</param>
    /// <exception cref="ArgumentException">There are <see cref="Problems"/>, or shapes that do not fit.</exception>
    public static IntegerNetwork Generate(NetworkDescription network, NetworkFormats formats, ulong seed)
    {
        if (Problems(network, formats) is [string problem, ..])
        {
            throw new ArgumentException(problem);
        }

        var tensors = new TensorFormats(network, formats);
        IReadOnlyDictionary<string, TensorShape> shapes = network.Shapes();
        TensorSpec Tensor(string name) => new(shapes[name].Height, shapes[name].Width, shapes[name].Channels, tensors.Of(name));
        TensorSpec input = Tensor(NetworkDescription.InputName);
        Dictionary<string, CodeStatistics> statistics = new() { [NetworkDescription.InputName] = CodeStatistics.Uniform(input.Format) };
        var layers = ImmutableArray.CreateBuilder<Layer>(network.Layers.Length);
        foreach (LayerDescription layer in network.Layers)
        {
            var source = new LayerSource(
                layer, [.. layer.Inputs.Select(Tensor)], [.. layer.Inputs.Select(name => statistics[name])], Tensor(layer.Name), tensors.ActivationOf(layer), formats, seed);
            (Layer made, CodeStatistics codes) = source.Make();
            layers.Add(made);
            statistics.Add(layer.Name, codes);
        }

        return new() { Name = network.Name, Input = input, Layers = layers.ToImmutable() };
    }
}
