// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using RtlExport.Vectors;

namespace RtlExport.Formats;

/// <summary>Codes of one tensor for all images of a network.</summary>
/// <param name="Name">Name of its files: that of the memory image with the same codes.</param>
/// <param name="Title">What it is, to a reader.</param>
/// <param name="Spec">Shape and format of an image.</param>
/// <param name="Images">Images.</param>
/// <param name="Codes">Image after image, in rows, columns, channels order.</param>
internal sealed record VectorTensor(string Name, string Title, TensorSpec Spec, int Images, int[] Codes)
{
    /// <summary>The least type that holds every code of the format.</summary>
    public NpyType Type => (Spec.Format.Signed, Spec.Format.Width) switch
    {
        (true, <= 8) => NpyType.Int8,
        (false, <= 8) => NpyType.UInt8,
        (true, <= 16) => NpyType.Int16,
        (false, <= 16) => NpyType.UInt16,
        _ => NpyType.Int32,
    };

    /// <summary>Images, rows, columns, channels.</summary>
    public int[] Shape => [Images, Spec.Height, Spec.Width, Spec.Channels];

    /// <summary>The input and every layer's output, also of those that never leave the chip.</summary>
    public static IEnumerable<VectorTensor> Of(Schedule schedule, RtlVectors vectors, string prefix = "")
    {
        string network = schedule.Network.Name;
        yield return new(prefix + "input", $"input of network '{network}'", schedule.Network.Input, vectors.Images, vectors.Input);
        for (int layer = 0; layer < schedule.Layers.Length; layer++)
        {
            ScheduledLayer scheduled = schedule.Layers[layer];
            yield return new(
                FormattableString.Invariant($"{prefix}layer_{layer:000}"), $"output of layer '{schedule.Network.Layers[scheduled.OutputLayer].Name}' of network '{network}'",
                scheduled.Output.Tensor, vectors.Images, vectors.LayerOutputs[layer]);
        }
    }
}
