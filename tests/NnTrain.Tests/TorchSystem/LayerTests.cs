// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace NnTrain.Tests.TorchSystem;

[Collection(DefaultGenerator.Name)]
public sealed class LayerTests : TorchTest
{
    [Theory]
    [InlineData(1, 0, 1, 1)]
    [InlineData(2, 1, 1, 1)]
    [InlineData(1, 2, 2, 1)]
    [InlineData(1, 1, 1, 2)]
    public void Convolution_is_the_sum_over_channels_and_kernel(int stride, int padding, int dilation, int groups)
    {
        const int batch = 2, channels = 4, outputs = 6, size = 7, kernel = 3;
        var (x, w, b) = (Waves(batch, channels, size, size), Waves(outputs, channels / groups, kernel, kernel), Waves(outputs));
        var y = F.conv2d(x, w, b, [stride, stride], [padding, padding], [dilation, dilation], groups);
        var extent = (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
        Assert.Equal([batch, outputs, extent, extent], y.shape);
        var (xs, ws, bs, ys) = (x.data<double>(), w.data<double>(), b.data<double>(), y.data<double>());
        for (var n = 0; n < batch; n++)
        {
            for (var o = 0; o < outputs; o++)
            {
                for (var row = 0; row < extent; row++)
                {
                    for (var column = 0; column < extent; column++)
                    {
                        Assert.Equal(Expected(n, o, row, column), ys[n, o, row, column], 11);
                    }
                }
            }
        }

        double Expected(int n, int o, int row, int column)
        {
            var sum = bs[o];
            for (var c = 0; c < channels / groups; c++)
            {
                for (var i = 0; i < kernel * kernel; i++)
                {
                    var (ky, kx) = (i / kernel, i % kernel);
                    var (iy, ix) = (row * stride - padding + ky * dilation, column * stride - padding + kx * dilation);
                    if (iy is >= 0 and < size && ix is >= 0 and < size)
                    {
                        sum += xs[n, o / (outputs / groups) * (channels / groups) + c, iy, ix] * ws[o, c, ky, kx];
                    }
                }
            }
            return sum;
        }
    }

    [Fact]
    public void Pooling_takes_the_largest_or_the_mean_of_each_window()
    {
        var x = arange(0, 16, 1, float64).view(1, 1, 4, 4);
        AssertValues([5, 7, 13, 15], F.max_pool2d(x, 2));
        AssertValues([5, 6, 7, 9, 10, 11, 13, 14, 15], F.max_pool2d(x, 2, 1));
        AssertValues([2.5, 4.5, 10.5, 12.5], F.avg_pool2d(x, 2));
        AssertValues([7.5], F.adaptive_avg_pool2d(x, 1));
        AssertValues([10], F.avg_pool2d(x, [2, 2], [4, 4], [0, 0], false, true, 1));
    }

    [Fact]
    public void Padding_with_a_constant_starts_at_the_last_axis() =>
        AssertValues([9, 1, 2, 9, 9, 9], F.pad(Of(1, 2).view(1, 2), [1, 0, 0, 1], PaddingModes.Constant, 9));

    [Fact]
    public void Cross_entropy_is_the_negative_log_of_the_softmax_at_the_target()
    {
        double[] logits = [1, 2, 0.5, -1, 0, 3];
        long[] targets = [2, 0];
        var x = tensor(logits, [2, 3]);
        double LogSoftmax(int row, long column) =>
            logits[row * 3 + column] - Math.Log(Enumerable.Range(0, 3).Sum(c => Math.Exp(logits[row * 3 + c])));
        var each = targets.Select((target, row) => -LogSoftmax(row, target)).ToArray();
        Assert.Equal(each.Average(), F.cross_entropy(x, tensor(targets)).item<double>(), 12);
        AssertValues(each, F.cross_entropy(x, tensor(targets), null, -100, nn.Reduction.None));
        var smooth = targets.Select((target, row) =>
            Enumerable.Range(0, 3).Sum(c => -LogSoftmax(row, c) * (0.1 / 3 + (c == target ? 0.9 : 0)))).Average();
        Assert.Equal(smooth, F.cross_entropy(x, tensor(targets), null, -100, nn.Reduction.Mean, 0.1).item<double>(), 12);
        Assert.Equal(each.Average(), F.nll_loss(F.log_softmax(x, 1), tensor(targets)).item<double>(), 12);
    }

    [Fact]
    public void Batch_norm_uses_the_batch_in_training_and_running_statistics_afterwards()
    {
        var norm = nn.BatchNorm2d(1, 1e-5, 0.25);
        double[] values = [1, 2, 3, 6];
        var x = tensor(values, [4, 1, 1, 1]).to_type(float32);
        var y = norm.call(x);
        var (mean, squares) = (3.0, 14.0);
        AssertValues(values.Select(v => (v - mean) / Math.Sqrt(squares / 4 + 1e-5)).ToArray(), y, 1e-6);
        Assert.Equal(0.25 * mean, norm.running_mean!.item<float>(), 6);
        Assert.Equal(0.75 + 0.25 * squares / 3, norm.running_var!.item<float>(), 6);
        Assert.Equal(1L, norm.num_batches_tracked!.item<long>());
        norm.eval();
        AssertValues(
            values.Select(v => (v - 0.75) / Math.Sqrt(0.75 + 0.25 * squares / 3 + 1e-5)).ToArray(), norm.call(x), 1e-6);
        Assert.Throws<ArgumentException>(() => norm.call(zeros(2, 2)));
    }

    [Fact]
    public void Layers_start_uniform_within_one_over_the_root_of_the_fan_in()
    {
        manual_seed(1);
        var linear = nn.Linear(400, 50);
        var conv = nn.Conv2d(16, 32, 5, 1, 2);
        foreach (var values in new Tensor[] { linear.weight, linear.bias!, conv.weight, conv.bias! })
        {
            Assert.True(values.abs().max().item<float>() <= 1 / Math.Sqrt(400));
        }
        // A uniform distribution on ±c has deviation c / √3; 20,000 samples give it to about one percent.
        Assert.Equal(1 / Math.Sqrt(400) / Math.Sqrt(3), linear.weight.std().item<float>(), 0.0005);
        Assert.Equal([32, 16, 5, 5], conv.weight.shape);
        Assert.Null(nn.Conv2d(1, 1, 1, bias: false).bias);
        Assert.Equal([2, 32, 28, 28], conv.call(zeros(2, 16, 28, 28)).shape);
        AssertValues([12.5], nn.Linear(nn.Parameter(tensor(new float[] { 1, 2 }, [1, 2])), nn.Parameter(tensor(new float[] { 0.5f }))).call(tensor(new float[] { 2, 5 })));
    }
}
