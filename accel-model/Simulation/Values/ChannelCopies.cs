// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Simulation.Values;

/// <summary>The input of a depthwise layer with a channel for every output channel.</summary>
internal static unsafe class ChannelCopies
{
    /// <summary>Codes of the copies; 0 where there is one output channel for each input channel already.</summary>
    public static int Elements(MatrixShape shape) => shape.GroupOutputs == 1 ? 0 : checked(shape.Input.Pixels * shape.Outputs);

    /// <summary>The codes of one image, copied where needed.</summary>
    public static int* Of(MatrixShape shape, int* codes, int* copies)
    {
        if (shape.GroupOutputs == 1)
        {
            return codes;
        }
        int* destination = copies;
        for (int i = 0; i < shape.Input.Elements; i++, destination += shape.GroupOutputs)
        {
            new Span<int>(destination, shape.GroupOutputs).Fill(codes[i]);
        }
        return copies;
    }
}
