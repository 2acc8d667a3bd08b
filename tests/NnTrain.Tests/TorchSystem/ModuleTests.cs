// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace NnTrain.Tests.TorchSystem;

[Collection(DefaultGenerator.Name)]
public sealed class ModuleTests : TorchTest
{
    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv = nn.Conv2d(1, 2, 3, bias: false);
        private readonly BatchNorm2d norm = nn.BatchNorm2d(2);
        private readonly Linear dense = nn.Linear(2, 3);
        private readonly Parameter step = nn.Parameter(ones(1));
        private readonly Tensor range = zeros(2);

        public Net() : base("net") => RegisterComponents();

        public override Tensor forward(Tensor input) =>
            dense.call(F.adaptive_avg_pool2d(norm.call(conv.call(input)).relu(), 1).flatten(1)) * step + range.sum();
    }

    [Fact]
    public void Fields_are_registered_under_their_names_in_order()
    {
        using var net = new Net();
        Assert.Equal(
            ["step", "conv.weight", "norm.weight", "norm.bias", "dense.weight", "dense.bias"],
            net.named_parameters().Select(p => p.name));
        Assert.Equal(
            new HashSet<string> { "range", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked" },
            net.named_buffers().Select(b => b.name).ToHashSet());
        Assert.Equal(10, net.state_dict().Count);
        Assert.Equal(["conv", "norm", "dense"], net.named_children().Select(c => c.name));
    }

    [Fact]
    public void Training_mode_reaches_submodules()
    {
        using var net = new Net();
        Assert.All(net.modules(), module => Assert.True(module.training));
        net.eval();
        Assert.False(net.training);
        Assert.All(net.modules(), module => Assert.False(module.training));
        net.train();
        Assert.All(net.modules(), module => Assert.True(module.training));
    }

    [Fact]
    public void Every_parameter_of_a_network_gets_a_gradient_and_loses_it()
    {
        using var net = new Net();
        net.call(randn(2, 1, 5, 5)).square().sum().backward();
        Assert.All(net.parameters(), parameter => Assert.NotNull(parameter.grad));
        net.zero_grad();
        Assert.All(net.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Saved_state_loads_into_another_network_bit_for_bit()
    {
        manual_seed(1);
        using var saved = new Net();
        _ = saved.call(randn(4, 1, 5, 5));
        using var loaded = new Net();
        using var file = new MemoryStream();
        saved.save(new BinaryWriter(file));
        file.Position = 0;
        loaded.load(new BinaryReader(file));
        var expected = saved.state_dict();
        Assert.All(loaded.state_dict(), entry => Assert.Equal(expected[entry.Key].bytes.ToArray(), entry.Value.bytes.ToArray()));

        using var again = new MemoryStream();
        loaded.save(new BinaryWriter(again));
        Assert.Equal(file.ToArray(), again.ToArray());
    }

    /// <summary>Count, name (length first), type 6 = float32, rank, extents, little-endian elements.</summary>
    [Fact]
    public void The_file_of_a_state_is_made_of_the_documented_bytes()
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        nn.Module.save_state_dict(writer, new Dictionary<string, Tensor> { ["w"] = tensor(new float[] { 1, -2 }, [1, 2]) });
        writer.Flush();
        Assert.Equal([1, 1, (byte)'w', 6, 2, 1, 2, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0], file.ToArray());
    }

    [Fact]
    public void Extents_above_127_take_more_than_one_byte()
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        var x = arange(0, 300, 1, uint8);
        x.Save(writer);
        writer.Flush();
        Assert.Equal([0, 1, 0xAC, 0x02, 0, 1, 2], file.ToArray()[..7]);
        file.Position = 0;
        using var read = TensorExtensionMethods.Load(new BinaryReader(file));
        Assert.Equal(x.bytes.ToArray(), read.bytes.ToArray());
    }

    [Fact]
    public void A_state_of_another_network_is_refused()
    {
        using var small = nn.Linear(2, 3);
        using var large = nn.Linear(3, 3);
        using var net = new Net();
        using var file = new MemoryStream();
        small.save(new BinaryWriter(file));
        file.Position = 0;
        Assert.Throws<ArgumentException>(() => large.load(new BinaryReader(file)));
        file.Position = 0;
        Assert.Throws<ArgumentException>(() => net.load(new BinaryReader(file)));
        Assert.Throws<InvalidOperationException>(() => net.load_state_dict(small.state_dict()));
    }

    [Fact]
    public void A_state_dictionary_copies_by_name()
    {
        using var from = nn.Linear(2, 3);
        using var to = nn.Linear(2, 3);
        var (missing, unexpected) = to.load_state_dict(from.state_dict());
        Assert.Empty(missing);
        Assert.Empty(unexpected);
        AssertValues(Values(from.weight.detach()), to.weight.detach());
    }
}
