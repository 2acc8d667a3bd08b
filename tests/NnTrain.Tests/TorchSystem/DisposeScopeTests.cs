// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.TorchSystem;

public sealed class DisposeScopeTests
{
    [Fact]
    public void Tensors_made_in_a_scope_are_disposed_with_it()
    {
        Tensor made;
        using (var scope = NewDisposeScope())
        {
            made = zeros(3) + 1;
            Assert.Equal(2, scope.DisposablesCount);
            Assert.False(made.IsInvalid);
        }
        Assert.True(made.IsInvalid);
    }

    [Fact]
    public void A_tensor_moved_out_lives_as_long_as_the_scope_around()
    {
        Tensor moved;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                moved = ones(2).MoveToOuterDisposeScope();
            }
            Assert.Equal(2, moved.sum().item<float>());
        }
        Assert.True(moved.IsInvalid);
    }

    [Fact]
    public void A_tensor_moved_out_of_the_outermost_scope_or_detached_belongs_to_its_owner()
    {
        Tensor moved, detached;
        using (var scope = NewDisposeScope())
        {
            moved = scope.MoveToOuter(ones(2));
            detached = ones(3).DetachFromDisposeScope();
        }
        Assert.Equal(2, moved.numel());
        Assert.Equal(3, detached.numel());
        moved.Dispose();
        detached.Dispose();
        Assert.True(moved.IsInvalid);
    }

    [Fact]
    public void A_tensor_disposed_early_leaves_its_scope()
    {
        using var scope = NewDisposeScope();
        zeros(2).Dispose();
        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void Scopes_belong_to_their_thread()
    {
        using var scope = NewDisposeScope();
        Tensor? other = null;
        var thread = new Thread(() => other = zeros(2));
        thread.Start();
        thread.Join();
        Assert.Equal(0, scope.DisposablesCount);
        other!.Dispose();
    }

    [Fact]
    public void A_parameter_takes_the_place_of_the_tensor_it_is_made_of()
    {
        using var scope = NewDisposeScope();
        var data = zeros(2);
        var parameter = nn.Parameter(data);
        Assert.True(parameter.requires_grad);
        Assert.True(data.IsInvalid);
        Assert.Equal(1, scope.DisposablesCount);
        data.Dispose();
        AssertWorksWithoutBias(parameter);
    }

    // Disposing an empty tensor must not touch what stands for "no tensor" in other calls.
    private static void AssertWorksWithoutBias(Tensor weights) =>
        Assert.Equal([1, 1], nn.functional.linear(ones(1, 2), weights.view(1, 2)).shape);

    [Fact]
    public void Optimizer_state_and_layers_survive_the_scope_of_a_step()
    {
        using var layer = nn.Linear(2, 1);
        using var optimizer = optim.SGD(layer.parameters(), 0.1, 0.9);
        for (var i = 0; i < 3; i++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            layer.call(ones(1, 2)).sum().backward();
            optimizer.step();
        }
        Assert.All(layer.parameters(), parameter => Assert.False(parameter.IsInvalid));
    }
}
