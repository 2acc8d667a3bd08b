// SPDX-License-Identifier: Apache-2.0
using NnTrain.Data;
using NnTrain.Layers;
using NnTrain.Models;
using NnTrain.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Calibration;

/// <summary>
/// What a matrix layer's inputs say of errors in its outputs: with G the mean of <c>x x^T</c> over calibration images and positions, a change d of the weights of an output changes it by <c>d^T G d</c> in
/// the mean square.
/// </summary>
/// <param name="Size">Weights of an output.</param>
/// <param name="Values">G, row after row, in the order of the weights.</param>
public sealed record InputMoments(int Size, double[] Values)
{
    /// <summary>An element of G.</summary>
    public double this[int row, int column] => Values[(row * Size) + column];

    /// <summary><c>d^T G d</c>.</summary>
    public double Error(ReadOnlySpan<double> change)
    {
        double sum = 0;
        for (int i = 0; i < Size; i++)
        {
            if (change[i] != 0)
            {
                ReadOnlySpan<double> row = Values.AsSpan(i * Size, Size);
                double inner = 0;
                for (int j = 0; j < Size; j++)
                {
                    inner += row[j] * change[j];
                }

                sum += change[i] * inner;
            }
        }

        return sum;
    }

    /// <summary>The moments of every matrix layer, by name, of a network in real numbers.</summary>
    public static IReadOnlyDictionary<string, InputMoments> Of(TrainedNetwork network, ImageSet images, int count)
    {
        TrainedNetwork real = network with { Recipe = network.Recipe with { QuantizedPhase = null } };
        using NetworkModel model = real.CreateModel();
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, InputMoments> moments = [];
        model.VisitInputs(ImageBatch.Of(images, 0, Math.Min(count, images.Count)).Images, (layer, input) => moments.Add(layer.GetName(), Of(layer, input)));
        return moments;
    }

    private static InputMoments Of(MatrixLayer layer, Activation input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor patches = layer.Patches(input.Values);
        Tensor sums = patches.transpose(0, 1).matmul(patches) / (double)patches.shape[0];
        return new InputMoments((int)sums.shape[0], sums.to_type(float64).contiguous().data<double>().ToArray());
    }
}
