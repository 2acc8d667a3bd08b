// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Cli.Sweeps.Units;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>Pieces of work of which some wait for others.</summary>
public sealed class DependentWorkTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<string> _done = new();

    [Fact]
    public void One_at_a_time_they_are_done_in_order_and_those_that_wait_at_the_end()
    {
        DependentWork.Run([Piece("late", after: "b"), Piece("a"), Piece("b"), Piece("later", after: "a"), Piece("c")], 1, CancellationToken.None);

        Assert.Equal(["a", "b", "c", "later", "late"], _done);
    }

    [Fact]
    public void A_piece_waits_for_its_own_and_for_no_other()
    {
        using var recipe = new ManualResetEventSlim();

        // The slow phase ends only when what waits for the quick one is done: with a barrier between the phases it never would.
        DependentWork.Run(
            [Piece("quick"), Piece("slow", () => Assert.True(recipe.Wait(Deadline))), Piece("of quick", recipe.Set, after: "quick"), Piece("of slow", after: "slow")], 2, CancellationToken.None);

        Assert.Equal(("quick", "of slow", 4), (_done.First(), _done.Last(), _done.Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_piece_is_done_once_whatever_the_number_at_once(int most)
    {
        string[] floats = [.. Enumerable.Range(0, 20).Select(i => $"float {i}")];

        DependentWork.Run([.. floats.Select(name => Piece(name)), .. floats.SelectMany(name => new[] { Piece($"{name} a", after: name), Piece($"{name} b", after: name) })], most, CancellationToken.None);

        Assert.Equal(60, _done.Count);
        Assert.Equal(60, _done.Distinct().Count());
        string[] order = [.. _done];
        Assert.All(floats, name => Assert.True(Array.IndexOf(order, name) < Array.IndexOf(order, $"{name} a")));
    }

    [Fact]
    public void After_one_that_throws_none_is_begun()
    {
        AggregateException thrown = Assert.Throws<AggregateException>(() => DependentWork.Run(
            [Piece("a"), Piece("bad", () => throw new IOException("full")), Piece("c"), Piece("of bad", after: "bad"), Piece("of a", after: "a")], 1, CancellationToken.None));

        Assert.Equal("full", Assert.IsType<IOException>(Assert.Single(thrown.InnerExceptions)).Message);
        Assert.Equal(["a"], _done);
    }

    [Fact]
    public void Cancelled_it_ends_between_two_pieces()
    {
        using var stop = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => DependentWork.Run([Piece("a", stop.Cancel), Piece("b")], 1, stop.Token));
        Assert.Equal(["a"], _done);
    }

    [Fact]
    public void Nothing_to_do_is_done()
    {
        DependentWork.Run([], 2, CancellationToken.None);

        Assert.Empty(_done);
    }

    private DependentWork Piece(string name, Action? work = null, string? after = null) => new(name, after, () =>
    {
        work?.Invoke();
        _done.Enqueue(name);
    });
}
