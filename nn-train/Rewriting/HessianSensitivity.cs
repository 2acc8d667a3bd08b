// SPDX-License-Identifier: Apache-2.0
using NnTrain.Data;
using NnTrain.Layers;
using NnTrain.Models;
using NnTrain.Specification;
using NnTrain.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Rewriting;

/// <summary>
/// How curved the loss is in the weights of each layer, with the others at rest (the blocks of the Hessian's diagonal). Products with it are differences of gradients,
/// <c>H v = (g(w + e v) - g(w - e v)) / (2 e)</c>, <c>e = 10^-2 |w| / |v|</c>, on training images, in real numbers and not in training.
/// <code>
/// trace        mean over vectors z of random signs of z^T H z            (Hutchinson; HAWQ-V2, Dong et al. 2020, arXiv:1911.03852)
/// eigenvalue   v^T H v after rounds of v = H v / |H v|                   (HAWQ, Dong et al. 2019, arXiv:1905.03696)
/// </code>
/// </summary>
public static class HessianSensitivity
{
    private const double RelativeStep = 1e-2;
    private const int Stream = 3;

    /// <summary>The trace, or the largest eigenvalue, over the number of weights; by layer.</summary>
    public static IReadOnlyDictionary<string, double> Of(TrainedNetwork network, ImageSet images, HessianAllocationSpec spec)
    {
        using NetworkModel model = (network with { Recipe = network.Recipe.FloatPart() }).CreateModel();
        using DisposeScope scope = NewDisposeScope();
        ImageBatch batch = ImageBatch.Of(images, 0, Math.Min(spec.Images, images.Count));
        Dictionary<string, double> found = [];
        int number = 0;
        foreach (MatrixLayer layer in model.MatrixLayers)
        {
            SeededRandom random = new(network.Recipe.Seed, Stream, number++);
            double curvature = spec.Sensitivity == HessianMeasure.Trace ? Trace(model, layer, batch, spec.Samples, random) : Eigenvalue(model, layer, batch, spec.Samples, random);
            found.Add(layer.GetName(), Math.Max(curvature, 0) / layer.Latent.numel());
        }

        return found;
    }

    private static double Trace(NetworkModel model, MatrixLayer layer, ImageBatch batch, int samples, SeededRandom random)
    {
        double sum = 0;
        for (int i = 0; i < samples; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor z = Signs(layer, random);
            sum += (z * Product(model, layer, batch, z)).sum().item<float>();
        }

        return sum / samples;
    }

    private static double Eigenvalue(NetworkModel model, MatrixLayer layer, ImageBatch batch, int rounds, SeededRandom random)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor v = Signs(layer, random);
        double value = 0;
        for (int i = 0; i < rounds; i++)
        {
            v = v / Norm(v);
            Tensor product = Product(model, layer, batch, v);
            value = (v * product).sum().item<float>();
            if (Norm(product) == 0)
            {
                return 0;
            }

            v = product;
        }

        return value;
    }

    /// <summary>H v of one layer.</summary>
    private static Tensor Product(NetworkModel model, MatrixLayer layer, ImageBatch batch, Tensor v)
    {
        Tensor weight = layer.Latent;
        Tensor origin;
        double step;
        using (no_grad())
        {
            origin = weight.clone();
            step = RelativeStep * Norm(origin) / Norm(v);
            weight.add_(v, step);
        }

        Tensor above = Gradient(model, layer, batch);
        using (no_grad())
        {
            weight.copy_(origin - (v * step));
        }

        Tensor below = Gradient(model, layer, batch);
        using (no_grad())
        {
            weight.copy_(origin);
            return (above - below) / (2 * step);
        }
    }

    private static Tensor Gradient(NetworkModel model, MatrixLayer layer, ImageBatch batch)
    {
        model.zero_grad();
        nn.functional.cross_entropy(model.forward(batch.Images), batch.Labels).backward();
        using IDisposable ungraded = no_grad();
        Tensor gradient = layer.Latent.grad!.clone();
        model.zero_grad();
        return gradient;
    }

    private static Tensor Signs(MatrixLayer layer, SeededRandom random)
    {
        float[] signs = new float[layer.Latent.numel()];
        for (int i = 0; i < signs.Length; i++)
        {
            signs[i] = random.NextInt(2) == 0 ? -1 : 1;
        }

        return tensor(signs, layer.WeightShape);
    }

    private static double Norm(Tensor x) => Math.Sqrt(x.square().sum().item<float>());
}
