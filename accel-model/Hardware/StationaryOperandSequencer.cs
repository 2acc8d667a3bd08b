// SPDX-License-Identifier: Apache-2.0
using AccelModel.Simulation;

namespace AccelModel.Hardware;

/// <summary>
/// Reads stationary tiles, one after the other, and the vectors that stream past each. With shadow operands a tile is read while the previous one's vectors are, and a swap travels ahead of the vectors;
/// without, tiles and vectors take turns.
/// </summary>
public abstract class StationaryOperandSequencer : ArraySequencer
{
    private readonly bool _hasShadow;
    private readonly int _places;

    // Stationary side: tiles are left to be read; the chain holds a whole tile that is not active yet.
    private readonly Register<bool> _tilesLeft = new();
    private readonly Register<bool> _chainIsFull = new();

    // Streaming side: whether vectors stream, and the cycle of the product that the array is in.
    private readonly Register<bool> _streams = new();
    private readonly Register<int> _cycle = new();

    // Places that what was last issued has still to reach before the chain may move: the swap or, without shadow operands, the vector.
    private readonly Register<int> _placesToReach = new();

    /// <param name="connections">What it is connected to.</param>
    /// <param name="places">Places of a chain: stationary vectors of a tile.</param>
    private protected StationaryOperandSequencer(ArrayConnections connections, int places)
        : base(connections)
    {
        _hasShadow = Spec.Array.WeightDoubleBuffering;
        _places = places;
    }

    /// <summary>Whether no vector of the tile has been read.</summary>
    private protected abstract bool IsTileStart { get; }

    /// <summary>Whether the next stationary vector is the tile's last.</summary>
    private protected abstract bool IsTileEnd { get; }

    /// <summary>Whether the next stationary vector is the last of all tiles.</summary>
    private protected abstract bool IsLastStationary { get; }

    /// <summary>Whether the streamed vector at hand is the tile's last.</summary>
    private protected abstract bool IsLastOfStream { get; }

    private bool ChainMayMove => _placesToReach.Current == 0 && (_hasShadow || !_streams.Current);

    /// <inheritdoc/>
    public override void Advance()
    {
        base.Advance();
        _tilesLeft.Advance();
        _chainIsFull.Advance();
        _streams.Advance();
        _cycle.Advance();
        _placesToReach.Advance();
    }

    /// <inheritdoc/>
    private protected override void BeginSums()
    {
        _tilesLeft.Next = true;
        _chainIsFull.Next = false;
        _streams.Next = false;
        _cycle.Next = 0;
        _placesToReach.Next = 0;
    }

    /// <inheritdoc/>
    private protected override CycleKind RunSums(ref ArrayControl control, out bool ends)
    {
        bool streams = _streams.Current;
        bool reads = streams && _cycle.Current == 0;
        bool endsTile = streams && IsLastOfStream && Step(_cycle.Current).IsLast;
        bool shifts = _tilesLeft.Current && !_chainIsFull.Current && (!IsTileStart || ChainMayMove);
        bool fillsChain = shifts && IsTileEnd;
        bool swaps = _hasShadow && _chainIsFull.Current && (!streams || endsTile);

        control = control with { Shifts = shifts, Swaps = swaps };
        if (shifts)
        {
            _tilesLeft.Next = !IsLastStationary;
            ReadStationary(ref control);
        }
        if (streams)
        {
            ProductStep step = Step(_cycle.Current);
            Stream(ref control, step, reads, endsTile);
            _cycle.Next = step.IsLast ? 0 : _cycle.Current + 1;
        }

        bool beginsTile = _hasShadow ? swaps : fillsChain;
        _chainIsFull.Next = _hasShadow && (fillsChain || (_chainIsFull.Current && !swaps));
        _streams.Next = beginsTile || (streams && !endsTile);
        _placesToReach.Next = (_hasShadow ? swaps : streams) ? _places - 1 : Math.Max(_placesToReach.Current - 1, 0);
        ends = !_tilesLeft.Next && !_chainIsFull.Next && !_streams.Next && _placesToReach.Next == 0;
        return reads ? CycleKind.Busy : CycleKind.Fill;
    }

    /// <summary>Reads a stationary vector, and goes on to the next.</summary>
    private protected abstract void ReadStationary(ref ArrayControl control);

    /// <summary>One cycle of a streamed vector: reads it in the first one, goes on to the next in the last one.</summary>
    private protected abstract void Stream(ref ArrayControl control, in ProductStep step, bool reads, bool endsTile);
}
