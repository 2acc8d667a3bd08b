// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;
using NnTrain.Specification;

namespace NnTrain.Tests.Training;

/// <summary>Networks with branches and groups for images of 8 x 8 pixels and four classes.</summary>
internal static class TestNetworks
{
    /// <summary>An identity and a projection as shortcuts, and the mean of the last map.</summary>
    public static NetworkSpec Residual() => Read("""
        name: residual
        input: {height: 8, width: 8, channels: 1}
        blocks:
          halving:
            layers:
              - {kind: conv2d, name: conv1, channels: 8, kernel: 3, stride: 2, padding: 1}
              - {kind: conv2d, name: conv2, channels: 8, kernel: 3, padding: 1, activation: none}
              - {kind: conv2d, name: shortcut, input: input, channels: 8, kernel: 1, stride: 2, activation: none}
              - {kind: add, name: add, inputs: [conv2, shortcut], activation: relu}
        layers:
          - {kind: conv2d, name: conv1, channels: 6, kernel: 3, padding: 1}
          - {kind: conv2d, name: conv2, channels: 6, kernel: 3, padding: 1, activation: none}
          - {kind: add, name: add, inputs: [conv2, conv1], activation: relu}
          - {kind: block, name: half, block: halving}
          - {kind: global_average_pool, name: pool}
          - {kind: dense, name: dense, outputs: 4}
        """);

    /// <summary>A depthwise and a pointwise convolution, two groups, and pooling that two layers read.</summary>
    public static NetworkSpec Separable() => Read("""
        name: separable
        input: {height: 8, width: 8, channels: 1}
        layers:
          - {kind: conv2d, name: conv1, channels: 6, kernel: 3, padding: 1}
          - {kind: conv2d, name: depthwise, depthwise: true, kernel: 3, padding: 1, stride: 2}
          - {kind: conv2d, name: pointwise, channels: 8, kernel: 1}
          - {kind: conv2d, name: groups, channels: 8, kernel: 3, padding: 1, groups: 2}
          - {kind: max_pool, name: pool, window: 2}
          - {kind: flatten, name: flatten}
          - {kind: dense, name: dense, outputs: 4}
        """);

    /// <summary>Channels of two layers one after the other, and pooling that two layers read.</summary>
    public static NetworkSpec Dense() => Read("""
        name: dense
        input: {height: 8, width: 8, channels: 1}
        layers:
          - {kind: conv2d, name: conv1, channels: 6, kernel: 3, padding: 1}
          - {kind: max_pool, name: pool, window: 2}
          - {kind: conv2d, name: conv2, channels: 4, kernel: 3, padding: 1}
          - {kind: concat, name: both, inputs: [pool, conv2]}
          - {kind: conv2d, name: conv3, channels: 8, kernel: 3, padding: 0}
          - {kind: flatten, name: flatten}
          - {kind: dense, name: dense, outputs: 4}
        """);

    /// <summary>A shortcut around a convolution of signs, whose sum is read as signs again.</summary>
    public static NetworkSpec Signs() => Read("""
        name: signs
        input: {height: 8, width: 8, channels: 1}
        layers:
          - {kind: conv2d, name: conv1, channels: 8, kernel: 3, padding: 1, activation: none}
          - {kind: conv2d, name: conv2, channels: 8, kernel: 3, padding: 1, activation: none}
          - {kind: add, name: add1, inputs: [conv2, conv1]}
          - {kind: max_pool, name: pool, window: 2}
          - {kind: conv2d, name: conv3, channels: 8, kernel: 3, padding: 1, activation: none}
          - {kind: add, name: add2, inputs: [conv3, pool], activation: relu}
          - {kind: max_pool, name: pool2, window: 2}
          - {kind: flatten, name: flatten}
          - {kind: dense, name: dense, outputs: 4}
        """);

    /// <summary>A depthwise and a pointwise convolution of signs, each with a shortcut.</summary>
    public static NetworkSpec SeparableSigns() => Read("""
        name: separable-signs
        input: {height: 8, width: 8, channels: 1}
        layers:
          - {kind: conv2d, name: conv1, channels: 8, kernel: 3, padding: 1, activation: none}
          - {kind: conv2d, name: depthwise, depthwise: true, kernel: 3, padding: 1, activation: none}
          - {kind: add, name: add1, inputs: [depthwise, conv1]}
          - {kind: conv2d, name: pointwise, channels: 8, kernel: 1, activation: none}
          - {kind: add, name: add2, inputs: [pointwise, add1]}
          - {kind: max_pool, name: pool, window: 2}
          - {kind: flatten, name: flatten}
          - {kind: dense, name: dense, outputs: 4}
        """);

    /// <summary>A pointwise layer whose filters are of two kinds: one convolution, and two after each other.</summary>
    public static NetworkSpec HybridFilters() => Read("""
        name: hybrid-filters
        input: {height: 8, width: 8, channels: 1}
        layers:
          - {kind: conv2d, name: conv1, channels: 8, kernel: 3, padding: 1}
          - {kind: conv2d, name: depthwise1, depthwise: true, kernel: 3, stride: 2, padding: 1}
          - {kind: conv2d, name: full1, channels: 4, kernel: 1}
          - {kind: conv2d, name: products1, input: depthwise1, channels: 8, kernel: 1, activation: none}
          - {kind: conv2d, name: sums1, channels: 8, kernel: 1}
          - {kind: concat, name: pointwise1, inputs: [full1, sums1]}
          - {kind: global_average_pool, name: mean}
          - {kind: dense, name: dense, outputs: 4}
        """);

    /// <summary>Channels of convolutions of signs, kept beside what they read.</summary>
    public static NetworkSpec DenseSigns() => Read("""
        name: dense-signs
        input: {height: 8, width: 8, channels: 1}
        layers:
          - {kind: conv2d, name: conv1, channels: 8, kernel: 3, padding: 1, activation: none}
          - {kind: conv2d, name: conv2, channels: 4, kernel: 3, padding: 1, activation: none}
          - {kind: concat, name: both, inputs: [conv1, conv2]}
          - {kind: max_pool, name: pool, window: 2}
          - {kind: conv2d, name: conv3, channels: 8, kernel: 1, activation: none}
          - {kind: flatten, name: flatten}
          - {kind: dense, name: dense, outputs: 4}
        """);

    /// <summary>Channels of a convolution of signs that are kept beside what they read, and that a second convolution adds to.</summary>
    public static NetworkSpec ImprovedSigns() => Read("""
        name: improved-signs
        input: {height: 8, width: 8, channels: 1}
        layers:
          - {kind: conv2d, name: conv1, channels: 8, kernel: 3, padding: 1, activation: none}
          - {kind: conv2d, name: grow, channels: 4, kernel: 3, padding: 1, activation: none}
          - {kind: concat, name: wide, inputs: [conv1, grow]}
          - {kind: conv2d, name: improve, channels: 4, kernel: 3, padding: 1, activation: none}
          - {kind: add, name: new, inputs: [improve, grow]}
          - {kind: concat, name: features, inputs: [conv1, new]}
          - {kind: max_pool, name: pool, window: 2}
          - {kind: flatten, name: flatten}
          - {kind: dense, name: dense, outputs: 4}
        """);

    private static NetworkSpec Read(string yaml)
    {
        SpecIssues issues = [];
        NetworkSpec? network = NetworkSpecFile.Read(YamlFile.Parse(yaml, "net.yaml", issues)!, issues);
        issues.ThrowIfAny();
        return network!;
    }
}
