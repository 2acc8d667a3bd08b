// SPDX-License-Identifier: Apache-2.0
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.TorchSystem;

/// <summary>Functions with derivatives of their own.</summary>
public sealed class FunctionTests : TorchTest
{
    [Fact]
    public void The_derivative_is_the_one_that_is_given()
    {
        var x = Of(1, 2, 3).with_requires_grad();
        var y = Of(4, 5, 6).with_requires_grad();

        var z = WeightedProduct.apply(x * 2, 10.0, y);
        (z * Of(1, 0, -1)).sum().backward();

        AssertValues([80, 200, 360], z.detach());
        Assert.True(z.requires_grad);
        Assert.False(z.is_leaf);
        AssertValues([80, 0, -120], x.grad!); // 2 * 10 * y
        AssertValues([-1, 0, 1], y.grad!); // not the true one, 20 x, but the one that is given
    }

    [Fact]
    public void An_input_without_gradient_needs_none_and_gets_none()
    {
        var x = Of(1, 2).with_requires_grad();
        var y = Of(3, 4);

        WeightedProduct.apply(x, 1.0, y).sum().backward();

        AssertValues([3, 4], x.grad!);
        Assert.Null(y.grad);
    }

    [Fact]
    public void Where_nothing_is_recorded_it_is_its_value()
    {
        var x = Of(1, 2).with_requires_grad();
        Assert.False(WeightedProduct.apply(Of(1, 2), 1.0, Of(3, 4)).requires_grad);
        using (no_grad())
        {
            var value = WeightedProduct.apply(x, 1.0, Of(3, 4));
            Assert.False(value.requires_grad);
            AssertValues([3, 8], value);
        }
    }

    [Fact]
    public void Many_on_one_graph_keep_their_arguments_apart_and_leave_nothing_behind()
    {
        var x = Of(1).with_requires_grad();
        for (int round = 0; round < 3; round++)
        {
            using var scope = NewDisposeScope();
            var sum = x * 0;
            for (int i = 1; i <= 50; i++)
            {
                sum = sum + WeightedProduct.apply(x, (double)i, Of(2));
            }

            // Without backward, too, the graph goes with its scope.
            if (round != 1)
            {
                sum.sum().backward();
            }
        }

        AssertValues([2 * 2 * 50 * 51 / 2], x.grad!);
    }

    [Fact]
    public void What_its_derivative_throws_comes_out_of_backward()
    {
        var x = Of(1).with_requires_grad();
        var failing = Failing.apply(x);

        Exception thrown = Assert.ThrowsAny<Exception>(() => failing.sum().backward());

        Assert.Contains("no derivative here", thrown.ToString());
        WeightedProduct.apply(x, 1.0, Of(3)).sum().backward();
        AssertValues([3], x.grad!);
    }

    /// <summary><c>z = factor x y</c>, whose derivative at y is wrong by intention: minus the gradient.</summary>
    private sealed class WeightedProduct : autograd.SingleTensorFunction<WeightedProduct>
    {
        public override string Name => nameof(WeightedProduct);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            (Tensor x, double factor, Tensor y) = ((Tensor)vars[0], (double)vars[1], (Tensor)vars[2]);
            ctx.save_for_backward([x, y]);
            ctx.save_data("factor", factor);
            return x * y * factor;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            Tensor y = ctx.get_saved_variables()[1];
            return [grad_output * y * (double)ctx.get_data("factor"), null!, grad_output * -1];
        }
    }

    private sealed class Failing : autograd.SingleTensorFunction<Failing>
    {
        public override string Name => nameof(Failing);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => (Tensor)vars[0] * 1;

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => throw new InvalidOperationException("no derivative here");
    }
}
