// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Xunit;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace NnTrain.Tests.TorchSystem;

public sealed class ErrorTests : TorchTest
{
    [Fact]
    public void A_native_error_becomes_an_exception_with_the_native_message()
    {
        var error = Assert.Throws<ExternalException>(() => zeros(2) + zeros(3));
        Assert.Contains("The size of tensor a (2) must match the size of tensor b (3)", error.Message, StringComparison.Ordinal);
        Assert.Throws<ExternalException>(() => zeros(4).view(3));
        Assert.Throws<ExternalException>(() => F.conv2d(zeros(1, 2, 4, 4), zeros(1, 3, 3, 3)));
        Assert.Throws<ExternalException>(() => zeros(2).select(0, 5));
        Assert.Throws<ExternalException>(() => zeros(2).backward());
    }

    [Fact]
    public void Work_goes_on_after_an_error()
    {
        Assert.Throws<ExternalException>(() => cat([zeros(2, 2), zeros(3, 3)]));
        Assert.Equal(4, ones(4).sum().item<float>());
    }

    [Fact]
    public void Reading_with_another_type_or_shape_is_refused()
    {
        Assert.Throws<ArgumentException>(() => zeros(2).data<double>());
        Assert.Throws<ArgumentException>(() => zeros(2).item<float>());
        Assert.Throws<ArgumentException>(() => tensor(new float[] { 1, 2, 3 }, [2, 2]));
        Assert.Throws<InvalidOperationException>(() => { _ = zeros(2, 3).t().bytes.Length; });
    }

    [Fact]
    public void The_number_of_threads_can_be_set_and_read()
    {
        var before = get_num_threads();
        set_num_threads(2);
        Assert.Equal(2, get_num_threads());
        set_num_threads(before);
    }
}
