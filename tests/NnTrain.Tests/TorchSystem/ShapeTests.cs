// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.TorchSystem;

public sealed class ShapeTests : TorchTest
{
    private static Tensor Counting(params long[] shape) =>
        arange(0, shape.Aggregate(1L, (product, extent) => product * extent), 1, float64).reshape(shape);

    [Fact]
    public void Factories_give_the_requested_shape_type_and_value()
    {
        Assert.Equal([2, 3], zeros(2, 3).shape);
        Assert.Equal(ScalarType.Float32, zeros(4).dtype);
        Assert.Equal(ScalarType.Int64, ones(4, int64).dtype);
        AssertValues([7, 7], full(new long[] { 2 }, 7.0));
        Assert.Equal(ScalarType.Int64, full(new long[] { 2 }, 7).dtype);
        AssertValues([2, 5, 8], arange(2, 10, 3));
        Assert.Equal(ScalarType.Int64, arange(4).dtype);
        Assert.Equal(ScalarType.Float32, arange(4.0).dtype);
        Assert.Equal(ScalarType.Float64, zeros_like(Of(1, 2)).dtype);
        Assert.True(ones(new long[] { 2 }, float32, null, true).requires_grad);
        Assert.Equal([2, 2], from_array(new float[,] { { 1, 2 }, { 3, 4 } }).shape);
        Assert.Equal(5L, tensor(5L).item<long>());
        Assert.Equal(ScalarType.Byte, tensor(new byte[] { 1, 255 }).dtype);
        Assert.Equal([3, 1], tensor(new float[] { 1, 2, 3 }, [3, 1]).shape);
    }

    [Fact]
    public void Reshaping_keeps_row_major_order()
    {
        var x = Counting(2, 3, 4);
        Assert.Equal([6, 4], x.view(-1, 4).shape);
        Assert.Equal([2, 12], x.flatten(1).shape);
        Assert.Equal(24, x.numel());
        Assert.Equal(3, x.ndim);
        Assert.Equal([12, 4, 1], x.stride());
        AssertValues(Enumerable.Range(0, 24).Select(i => (double)i).ToArray(), x.reshape(4, 6));
    }

    [Fact]
    public void Permuted_tensors_read_in_their_own_order_whatever_the_memory()
    {
        var x = Counting(2, 3);
        Assert.False(x.transpose(0, 1).is_contiguous());
        AssertValues([0, 3, 1, 4, 2, 5], x.transpose(0, 1));
        AssertValues([0, 3, 1, 4, 2, 5], x.t().contiguous());
        Assert.Equal([4, 2, 3], Counting(2, 3, 4).permute(2, 0, 1).shape);
        Assert.Equal(5.0, x.t().data<double>()[2, 1]);
    }

    [Fact]
    public void Axes_of_one_come_and_go()
    {
        var x = Counting(3);
        Assert.Equal([1, 3], x.unsqueeze(0).shape);
        Assert.Equal([3], x.unsqueeze(1).squeeze(1).shape);
        Assert.Equal([3], x.view(1, 3, 1).squeeze().shape);
        AssertValues([0, 0, 1, 1, 2, 2], x.unsqueeze(1).expand(3, 2));
        AssertValues([0, 1, 2, 0, 1, 2], x.repeat(2));
    }

    [Fact]
    public void Tensors_are_joined_along_an_old_or_a_new_axis()
    {
        var (a, b) = (Of(1, 2), Of(3, 4));
        AssertValues([1, 2, 3, 4], cat([a, b]));
        AssertValues([1, 3, 2, 4], stack([a, b], 1));
        Assert.Equal([2, 2], stack([a, b]).shape);
    }

    [Fact]
    public void Parts_are_taken_by_place()
    {
        var x = Counting(3, 4);
        AssertValues([4, 5, 6, 7], x.select(0, 1));
        AssertValues([4, 5, 6, 7, 8, 9, 10, 11], x.narrow(0, 1, 2));
        AssertValues([0, 2, 4, 6, 8, 10], x.slice(1, 0, 4, 2));
        AssertValues([8, 9, 10, 11, 0, 1, 2, 3], x.index_select(0, tensor(new long[] { 2, 0 })));
        AssertValues([1, 6, 8], x.gather(1, tensor(new long[] { 1, 2, 0 }).unsqueeze(1)));
    }

    [Fact]
    public void Index_expressions_take_numbers_ranges_masks_and_new_axes()
    {
        var x = Counting(2, 3, 4);
        Assert.Equal(17, x[1, 1, 1].item<double>());
        Assert.Equal([3, 4], x[0].shape);
        AssertValues([3, 7, 11, 15, 19, 23], x[TensorIndex.Ellipsis, 3]);
        AssertValues([12, 13, 14, 15], x[1, 0, ..]);
        AssertValues([21, 22], x[1, ^1, 1..3]);
        AssertValues([0, 2], x[0, 0, TensorIndex.Slice(null, null, 2)]);
        AssertValues([22, 23], x[TensorIndex.Tensor(x > 21)]);
        Assert.Equal([2, 1, 3, 4], x[TensorIndex.Colon, TensorIndex.None].shape);
        x[0, 0, ..2] = Of(-1, -2);
        AssertValues([-1, -2, 2, 3], x[0, 0]);
    }

    [Fact]
    public void Conversion_to_integers_goes_towards_zero()
    {
        AssertValues([-1, 0, 1], Of(-1.7, 0.9, 1.2).to_type(int32));
        Assert.Equal(ScalarType.Int64, Of(1).@long().dtype);
        Assert.Equal(0.1f, Of(0.1).to(float32).item<float>());
    }

    [Fact]
    public void An_accessor_writes_into_the_tensor_and_a_clone_stays_as_it_was()
    {
        var x = zeros(2, 2);
        var copy = x.clone();
        x.data<float>().CopyFrom([1, 2, 3, 4]);
        x.data<float>()[1, 0] = 9;
        AssertValues([1, 2, 9, 4], x);
        AssertValues([0, 0, 0, 0], copy);
        var part = new float[2];
        x.data<float>().CopyTo(part, 0, 2);
        Assert.Equal([9, 4], part);
        Assert.Equal(16, x.bytes.Length);
    }

    [Fact]
    public void Matrix_products_follow_the_definition()
    {
        var (a, b) = (Waves(3, 4), Waves(4, 2));
        var expected = new double[6];
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 2; column++)
            {
                for (var k = 0; k < 4; k++)
                {
                    expected[row * 2 + column] += Math.Sin(row * 4 + k + 1) * Math.Sin(k * 2 + column + 1);
                }
            }
        }
        AssertValues(expected, a.matmul(b));
    }
}
