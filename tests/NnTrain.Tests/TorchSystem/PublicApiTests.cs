// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using Xunit;

namespace NnTrain.Tests.TorchSystem;

/// <summary>
/// <c>data/torchsharp-api.txt</c> lists the part of TorchSharp's interface that this project uses, as versions 0.105.1 and
/// 0.107.0 have it. Sources that compile against one provider of torch then compile against the other.
/// </summary>
public sealed class PublicApiTests
{
    private static readonly string[] Listed = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "data", "torchsharp-api.txt"));

    private static readonly System.Reflection.Assembly Provider = typeof(torch).Assembly;

    [Fact]
    public void Every_listed_member_is_there_with_its_names_types_and_defaults() =>
        Assert.Empty(Listed.Except(PublicApi.Of(Provider)));

    [Fact]
    public void The_layer_over_the_systems_libtorch_has_nothing_that_is_not_listed() =>
        Assert.True(Provider.GetName().Name == "TorchSharp" || !PublicApi.Of(Provider).Except(Listed).Any());
}
