// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Tests.Networks;

namespace AccelModel.Tests.Comparison;

/// <summary>ResNet-50 for images of 224 x 224 (He et al., CVPR 2016, with the stride in the 3 x 3 convolutions), all codes of 8 bits, weights of 1: for times, which values do not change.</summary>
internal static class ResNet50
{
    private static readonly (int Blocks, int Channels)[] Stages = [(3, 64), (4, 128), (6, 256), (3, 512)];

    /// <summary>The network.</summary>
    public static IntegerNetwork Network()
    {
        var layers = ImmutableArray.CreateBuilder<Layer>();
        TensorSpec tensor = new(224, 224, 3, TestNetworks.S8);
        TensorSpec input = tensor;
        string name = IntegerNetwork.InputName;
        void Add(Layer layer)
        {
            layers.Add(layer);
            (name, tensor) = (layer.Name, layer.Output);
        }

        Add(Convolution("conv1", name, tensor, 64, 7, 2));
        Add(new MaxPoolLayer { Name = "pool1", Input = name, Output = new(56, 56, 64, TestNetworks.S8), Window = (3, 3), Stride = (2, 2), Padding = new(1, 1, 1, 1) });
        foreach ((int stage, (int blocks, int channels)) in Stages.Index())
        {
            for (int block = 0; block < blocks; block++)
            {
                string place = $"layer{stage + 1}.{block}";
                int stride = stage > 0 && block == 0 ? 2 : 1;
                (string shortcut, TensorSpec from) = (name, tensor);
                Add(Convolution(place + ".conv1", name, tensor, channels, 1, 1));
                Add(Convolution(place + ".conv2", name, tensor, channels, 3, stride));
                Add(Convolution(place + ".conv3", name, tensor, 4 * channels, 1, 1));
                (string main, TensorSpec sum) = (name, tensor);
                if (block == 0)
                {
                    Add(Convolution(place + ".downsample", shortcut, from, 4 * channels, 1, stride));
                    shortcut = name;
                }

                Add(Sum(place + ".add", main, shortcut, sum));
            }
        }

        Add(new AveragePoolLayer { Name = "average", Input = name, Output = new(1, 1, tensor.Channels, TestNetworks.S8), Window = (tensor.Height, tensor.Width), Stride = (1, 1) });
        Add(new DenseLayer
        {
            Name = "fc",
            Input = name,
            Output = new(1, 1, 1000, TestNetworks.S8),
            Weights = Ones([1000, tensor.Channels]),
            WeightFormat = TestNetworks.S8,
            Requantization = TestNetworks.Identity(1000, TestNetworks.S8),
        });
        return new() { Name = "resnet50", Input = input, Layers = layers.ToImmutable() };
    }

    private static Conv2dLayer Convolution(string name, string input, TensorSpec from, int channels, int kernel, int stride) => new()
    {
        Name = name,
        Input = input,
        Output = new(from.Height / stride, from.Width / stride, channels, TestNetworks.S8),
        Weights = Ones([channels, kernel, kernel, from.Channels]),
        WeightFormat = TestNetworks.S8,
        Stride = (stride, stride),
        Padding = new(kernel / 2, kernel / 2, kernel / 2, kernel / 2),
        Dilation = (1, 1),
        Groups = 1,
        PaddingCode = 0,
        Requantization = TestNetworks.Identity(channels, TestNetworks.S8),
    };

    private static AddLayer Sum(string name, string first, string second, TensorSpec tensor) => new()
    {
        Name = name,
        Input = first,
        SecondInput = second,
        Output = tensor,
        LeftShift = 0,
        First = TestNetworks.Identity(1, TestNetworks.S8),
        Second = TestNetworks.Identity(1, TestNetworks.S8),
        Requantization = TestNetworks.Identity(1, TestNetworks.S8),
    };

    private static IntegerTensor Ones(ImmutableArray<int> shape)
    {
        int[] values = new int[shape.Aggregate(1, (product, extent) => product * extent)];
        Array.Fill(values, 1);
        return new(shape, [.. values]);
    }
}
