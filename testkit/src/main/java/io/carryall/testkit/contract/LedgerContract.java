package io.carryall.testkit.contract;

import io.carryall.core.port.Ledger;

/** What every {@link Ledger} promises, part by part. See the package on how to run it. */
public interface LedgerContract extends PassesContract, PairsContract, FoldersContract, PagesContract, ItemsContract, LeasesContract, IntentsContract {}
